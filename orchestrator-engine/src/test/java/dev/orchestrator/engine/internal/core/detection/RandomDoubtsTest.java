package dev.orchestrator.engine.internal.core.detection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import dev.orchestrator.engine.internal.core.analysis.AnalysisPolicy;
import dev.orchestrator.engine.internal.core.analysis.DetectionHistoryTracker;
import dev.orchestrator.engine.internal.core.analysis.FailureAnalyzer;
import dev.orchestrator.engine.internal.core.detection.DetectionEvent.Answer;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Detection under random faults: a primary that crashes, freezes, answers nobody while it replicates, and comes back, replicas that notice it late, restarts
 * that fail, are not answered or leave a receiver stopped, a leadership that comes and goes, an engine that closes. A seed
 * is a test.
 */
class RandomDoubtsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int SEEDS = 200;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final List<String> REPLICAS = List.of("r1", "r2", "r3");
    private static final AnalysisPolicy POLICY = new AnalysisPolicy(
            Duration.ofSeconds(10),
            Duration.ofSeconds(8),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            false,
            false);
    private static final DoubtSettings SETTINGS = new DoubtSettings(
            "n1",
            true,
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofMillis(50),
            Duration.ofMillis(500),
            Duration.ofMillis(1500));

    @Test
    void oneReceiverAtATimeIsRestartedNoneIsLeftStoppedAndADeadPrimaryIsHandedOn() {
        int handedOn = 0;
        int tests = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            World world = new World(seed);
            try {
                world.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ": " + e.getMessage() + "\n" + String.join("\n", world.story), e);
            }
            handedOn += world.handedOn;
            tests += world.tests;
        }
        assertThat(tests).as("receivers that were restarted").isGreaterThan(SEEDS / 10);
        assertThat(handedOn).as("findings that were handed on").isGreaterThan(SEEDS / 10);
    }

    /** A primary p, its replicas, and the node that watches them. */
    private static final class World {
        private final Random random;
        private final List<String> story = new ArrayList<>();
        private final List<Pending> pending = new ArrayList<>();
        private final Map<String, ReplicationThreadState> receivers = new HashMap<>();
        private final Map<String, Integer> errors = new HashMap<>();
        private final Map<String, Integer> received = new HashMap<>();
        // What the readings since the failure began showed of that, and when they last showed something new.
        private final Map<String, Integer> shown = new HashMap<>();
        private final Map<String, Long> shownAt = new HashMap<>();
        private final Map<String, Instant> stoppedByUs = new HashMap<>();
        private final DetectionHistoryTracker book = new DetectionHistoryTracker(POLICY);
        private ProbeFailure.@Nullable Kind failure;
        private long failingSince;
        private boolean replicates;
        private boolean faults = true;
        private boolean leads = true;
        private boolean closed;
        private boolean harmed;
        private int handedOn;
        private int tests;
        private long nanos = 1;
        private Detection state = Detection.begin(new Detection.Rules(new FailureAnalyzer(POLICY), SETTINGS), now());

        private record Pending(long due, Function<Moment, DetectionEvent> end) {}

        World(long seed) {
            random = new Random(seed);
            REPLICAS.forEach(r -> receivers.put(r, ReplicationThreadState.RUNNING));
        }

        private Moment now() {
            return new Moment(START.plusNanos(nanos), nanos);
        }

        private boolean chance(int oneIn) {
            return faults && random.nextInt(oneIn) == 0;
        }

        private void tell(DetectionEvent event) {
            state = state.fold(event);
        }

        void run() {
            until(Duration.ofSeconds(20));
            faults = false;
            replicates = false;
            leads = true;
            int before = handedOn;
            if (failure == null) {
                fail(ProbeFailure.Kind.TIMEOUT);
            }
            until(Duration.ofSeconds(100));
            assertThat(state.isRestarting())
                    .as("a receiver is still being restarted")
                    .isFalse();
            assertThat(stoppedByUs).as("receivers that were left stopped").isEmpty();
            if (!closed) {
                assertThat(handedOn > before || harmed)
                        .as("a dead primary is handed on: " + state.findings() + " " + receivers)
                        .isTrue();
            }
        }

        private void until(Duration later) {
            long end = nanos + later.toNanos();
            long poll = nanos;
            while (nanos < end) {
                if (nanos >= poll) {
                    poll = nanos + Duration.ofMillis(250).toNanos();
                    happen();
                    tell(new DetectionEvent.Changed(Set.of(FleetBuilder.CLUSTER), now()));
                }
                turn(Math.min(poll, end));
            }
        }

        private void happen() {
            if (chance(20)) {
                if (failure == null) {
                    fail(random.nextBoolean() ? ProbeFailure.Kind.TIMEOUT : ProbeFailure.Kind.REFUSED);
                } else {
                    story.add("p is back");
                    failure = null;
                    replicates = false;
                    REPLICAS.forEach(r -> receivers.put(r, ReplicationThreadState.RUNNING));
                    errors.clear();
                    harmed = false;
                }
            }
            if (replicates) {
                trickle();
            } else if (failure != null && chance(10)) {
                String replica = REPLICAS.get(random.nextInt(REPLICAS.size()));
                receivers.computeIfPresent(
                        replica, (r, s) -> s == ReplicationThreadState.RUNNING ? ReplicationThreadState.CONNECTING : s);
            }
            if (chance(40)) {
                leads = !leads;
            }
            if (chance(400)) {
                closed = true;
                story.add("closed");
                tell(new DetectionEvent.Closed(now()));
            }
        }

        /** It answers nobody, but is not dead: what it has goes to those that are connected, and some find it again. */
        private void trickle() {
            for (String r : REPLICAS) {
                if (receivers.get(r) == ReplicationThreadState.RUNNING && chance(6)) {
                    received.merge(r, 1, Integer::sum);
                } else if (receivers.get(r) == ReplicationThreadState.CONNECTING && chance(20)) {
                    receivers.put(r, ReplicationThreadState.RUNNING);
                }
            }
            if (chance(30)) {
                story.add("p dies in silence");
                replicates = false;
            }
        }

        private void fail(ProbeFailure.Kind kind) {
            replicates = kind == ProbeFailure.Kind.TIMEOUT && faults && random.nextBoolean();
            story.add("p fails: " + kind + (replicates ? ", but replicates" : ""));
            failure = kind;
            shown.clear();
            shownAt.clear();
            failingSince = nanos;
        }

        private void turn(long wake) {
            long until = wake;
            boolean begun = false;
            for (DetectionEffect effect : state.next()) {
                if (effect instanceof DetectionEffect.Wake w) {
                    until = Math.min(until, nanos + w.in().toNanos());
                } else {
                    begun = true;
                    tell(new DetectionEvent.Begun(effect, now()));
                    carryOut(effect);
                }
            }
            if (!begun) {
                await(until);
            }
        }

        private void await(long wake) {
            Pending next = null;
            for (Pending p : pending) {
                next = next == null || p.due() < next.due() ? p : next;
            }
            if (next == null || next.due() > wake) {
                nanos = Math.max(nanos + 1, wake);
                tell(new DetectionEvent.Woke(now()));
                return;
            }
            pending.remove(next);
            nanos = Math.max(nanos + 1, next.due());
            tell(next.end().apply(now()));
        }

        private void later(Function<Moment, DetectionEvent> end) {
            long millis = chance(4) ? random.nextInt(1000) : 1 + random.nextInt(20);
            pending.add(new Pending(nanos + Duration.ofMillis(millis).toNanos(), end));
        }

        private void carryOut(DetectionEffect effect) {
            if (effect instanceof DetectionEffect.Look look) {
                assertThat(closed).as("nothing is looked at after the end").isFalse();
                tell(new DetectionEvent.Looked(look, question(), leads, now()));
            } else if (effect instanceof DetectionEffect.Probe probe) {
                Optional<ReplicationChannel> channel =
                        fleet().member(probe.replica()).orElseThrow().facts().flatMap(Instance::mainChannel);
                later(at -> chance(10)
                        ? new DetectionEvent.Failed(probe, "no answer", at)
                        : new DetectionEvent.Probed(probe, channel, at));
            } else if (effect instanceof DetectionEffect.Refresh refresh) {
                later(at -> new DetectionEvent.Refreshed(refresh, at));
            } else if (effect instanceof DetectionEffect.Restart restart) {
                restart(restart);
            } else if (effect instanceof DetectionEffect.StartAgain start) {
                stoppedByUs.remove(start.replica().hostname());
                receivers.put(start.replica().hostname(), connecting());
                later(at -> new DetectionEvent.StartedAgain(start, Answer.DONE, "", at));
            } else if (effect instanceof DetectionEffect.Testify testify) {
                story.add("test: " + testify.test().outcome());
                book.add(testify.test());
            } else if (effect instanceof DetectionEffect.HandOn handOn) {
                assertThat(leads && !closed).as("handed on by who may act").isTrue();
                assertThat(state.doubts().underWay().values())
                        .as("nothing is handed on while a receiver is restarted and watched")
                        .noneMatch(d -> d.isRestarting() || d.work() instanceof Doubt.Watching);
                assertThat(REPLICAS.stream()
                                .filter(r -> receivers.get(r) == ReplicationThreadState.RUNNING)
                                .map(r -> Duration.ofNanos(nanos - shownAt.getOrDefault(r, -SECOND * 100))))
                        .as("nothing is handed on while readings show that a connected replica receives")
                        .allMatch(ago -> ago.compareTo(POLICY.refutationHolds()) >= 0);
                handedOn += handOn.findings().size();
            }
        }

        private ReplicationThreadState connecting() {
            boolean found = failure == null || (replicates && random.nextBoolean());
            return found ? ReplicationThreadState.RUNNING : ReplicationThreadState.CONNECTING;
        }

        private void restart(DetectionEffect.Restart restart) {
            tests++;
            String replica = restart.replica().hostname();
            assertThat(closed).as("nothing is begun after the end").isFalse();
            assertThat(harmed).as("no test after one has done harm").isFalse();
            assertThat(state.doubts().underWay().values().stream().filter(Doubt::isRestarting))
                    .as("one receiver at a time")
                    .hasSize(1);
            int fate = faults ? random.nextInt(10) : 9;
            story.add("restart " + replica + ": " + fate);
            if (fate == 0) {
                later(at -> new DetectionEvent.Restarted(restart, Answer.HELD_BACK, "guard", 7, at));
            } else if (fate <= 2) {
                receivers.put(replica, ReplicationThreadState.STOPPED);
                stoppedByUs.put(replica, now().at());
                later(at -> new DetectionEvent.Restarted(restart, Answer.FAILED, "no answer", 7, at));
            } else if (fate == 3) {
                receivers.put(replica, ReplicationThreadState.STOPPED);
                errors.put(replica, 13117);
                harmed = true;
                later(at -> new DetectionEvent.Restarted(restart, Answer.DONE, "", 7, at));
            } else {
                receivers.put(replica, connecting());
                later(at -> new DetectionEvent.Restarted(restart, Answer.DONE, "", 7, at));
            }
        }

        private FailureAnalyzer.Question question() {
            Fleet fleet = fleet();
            book.observe(fleet, FleetBuilder.CLUSTER, now().at());
            if (failure != null && nanos - SECOND >= failingSince) {
                REPLICAS.forEach(this::show);
            }
            return new FailureAnalyzer.Question(fleet, Intents.NONE, book.history(), now().at());
        }

        private void show(String replica) {
            Integer now = received.getOrDefault(replica, 0);
            Integer before = shown.put(replica, now);
            if (before != null && !before.equals(now)) {
                shownAt.put(replica, nanos - SECOND);
            }
        }

        private Fleet fleet() {
            FleetBuilder fleet = new FleetBuilder(now().at()).primary("p");
            ProbeFailure.Kind kind = failure;
            if (kind != null) {
                fleet.with(m -> m.fails(kind, Duration.ofNanos(nanos - failingSince)), "p");
            }
            for (String r : REPLICAS) {
                fleet.add(
                        r,
                        m -> m.replicaOf("p")
                                .receiver(receivers.getOrDefault(r, ReplicationThreadState.NONE))
                                .retrieved(MemberBuilder.uuid("p") + ":1-" + (1 + received.getOrDefault(r, 0)))
                                .receiverError(errors.getOrDefault(r, 0), null));
            }
            return fleet.build();
        }
    }
}
