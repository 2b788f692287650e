package dev.orchestrator.engine.internal.core.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.spi.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/** Nodes and one row of a backend in virtual time. */
final class LeaseWorld {
    static final Duration TTL = Duration.ofSeconds(3);
    private static final long MILLI = 1_000_000;
    private static final long FAULTY = Duration.ofSeconds(40).toNanos();
    private static final long PATIENCE = TTL.multipliedBy(4).toNanos();

    final Random random;
    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    final LeaseRow row = new LeaseRow();
    boolean faults = true;
    private long now;
    private long number;
    private long lastEpoch;
    private int tenures;
    private long leaderless;

    private record Due(long at, long number, Runnable what) {}

    LeaseWorld(int count, long seed) {
        this.random = new Random(seed);
        for (int i = 0; i < count; i++) {
            nodes.add(new SimulatedNode(this, "n" + i));
        }
    }

    long now() {
        return now;
    }

    void at(long time, Runnable what) {
        queue.add(new Due(Math.max(time, now), number++, what));
    }

    void tell(String text) {
        story.add(now / MILLI + " ms: " + text);
    }

    List<String> story() {
        return story;
    }

    int tenures() {
        return tenures;
    }

    /** For how long nobody led. */
    long leaderless() {
        return leaderless;
    }

    /** A delay that is mostly short, sometimes long, and rarely longer than a lease. */
    long delay() {
        int kind = faults ? random.nextInt(20) : 19;
        long most = kind == 0 ? 2 * TTL.toMillis() : kind < 4 ? TTL.toMillis() / 2 : 8;
        return (long) (random.nextDouble() * most * MILLI);
    }

    boolean chance(int oneIn) {
        return faults && random.nextInt(oneIn) == 0;
    }

    void runWithoutFaults() {
        faults = false;
        nodes.forEach(SimulatedNode::start);
        run(FAULTY);
    }

    void runWithFaults() {
        nodes.forEach(SimulatedNode::start);
        for (SimulatedNode node : List.copyOf(nodes)) {
            for (int i = 0; i < 12; i++) {
                at((long) (random.nextDouble() * FAULTY), node::anything);
            }
        }
        run(FAULTY);
    }

    /** All others end, or vanish without a word. */
    void leaveOneAlone() {
        faults = false;
        List<SimulatedNode> open = nodes.stream().filter(n -> !n.isClosed()).toList();
        SimulatedNode left = open.get(random.nextInt(open.size()));
        for (SimulatedNode node : open) {
            if (node != left && random.nextBoolean()) {
                node.close();
            } else if (node != left) {
                node.vanish();
            }
        }
        tell("only " + left + " is left");
        run(now + left.busyFor() + PATIENCE);
        assertThat(left.holds(now)).as(left + " leads in the end").isTrue();
    }

    /** Ends a node, in whatever it is doing, and begins another one in its place. */
    void restart(SimulatedNode node) {
        if (!node.isClosed()) {
            node.close();
            SimulatedNode next = new SimulatedNode(this, node + "'");
            nodes.add(next);
            next.start();
        }
    }

    private void run(long until) {
        while (!queue.isEmpty() && queue.element().at() <= until) {
            Due next = queue.remove();
            check(next.at());
            now = next.at();
            next.what().run();
            check(now);
        }
        now = until;
    }

    private void check(long time) {
        List<SimulatedNode> acting =
                nodes.stream().filter(n -> n.holds(time) || n.isWorking(time)).toList();
        assertThat(acting)
                .as("who leads, or still does what it began, at %s ms", time / MILLI)
                .hasSizeLessThanOrEqualTo(1);
        if (acting.isEmpty()) {
            leaderless += time - now;
        }
        for (SimulatedNode node : acting.stream().filter(n -> n.holds(time)).toList()) {
            long epoch = node.epoch(time);
            assertThat(epoch).as("epochs only grow").isGreaterThanOrEqualTo(lastEpoch);
            tenures += epoch > lastEpoch ? 1 : 0;
            lastEpoch = epoch;
        }
    }

    /** The lease as the backend has it, by the backend's clock. */
    final class LeaseRow {
        private long epoch;
        private String token = "";
        private long expires;

        private boolean isFree() {
            return token.isEmpty() || now >= expires;
        }

        String holder() {
            return isFree() ? "" : token;
        }

        Lease take(String node) {
            epoch++;
            token = node + "-" + epoch;
            expires = now + TTL.toNanos();
            return new Lease("leader", node, token, epoch, TTL);
        }

        boolean acquirable() {
            return isFree();
        }

        boolean renew(Lease lease) {
            boolean ours = token.equals(lease.token()) && now < expires;
            expires = ours ? now + TTL.toNanos() : expires;
            return ours;
        }

        boolean isOf(Lease lease) {
            return token.equals(lease.token());
        }

        void release(Lease lease) {
            token = isOf(lease) ? "" : token;
        }
    }
}
