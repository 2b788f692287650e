package dev.orchestrator.simulation;

import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.world.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What goes wrong with the ways between two hosts. */
final class WayFaults {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(8);

    private final Schedule world;
    private boolean over;

    WayFaults(Schedule world) {
        this.world = world;
    }

    private record Way(String from, String to, boolean both) {
        @Override
        public String toString() {
            return "the way from " + from + " to " + to + (both ? " and back" : "");
        }
    }

    private Way way(Choices how) {
        List<String> hosts = new ArrayList<>(List.of("backend", "application"));
        world.servers().all().forEach(s -> hosts.add(s.key().hostname()));
        world.nodes().forEach(n -> hosts.add(n.process().name()));
        String from = how.oneOf("from", hosts, h -> h);
        return new Way(from, how.oneOf("to", hosts, h -> h), false);
    }

    private Way bothWays(Choices how, Way one) {
        return new Way(one.from(), one.to(), !how.once("one way", 3));
    }

    boolean cut(Choices how) {
        Way hosts = way(how);
        Network.State state = how.once("only slow", 3) ? Network.State.SLOW : Network.State.CUT;
        Way way = bothWays(how, hosts);
        world.story().tell(() -> way + " is " + state);
        set(way, state);
        return mended(way, how.between("so for", SHORT, LONG));
    }

    /** Cut and mended many times; never for long, so that much of what is sent comes late, and some in time. */
    boolean flap(Choices how) {
        Way way = bothWays(how, way(how));
        long period = how.between("each time for", Duration.ofMillis(20), Duration.ofMillis(600));
        long time = how.between("so for", Duration.ofSeconds(1), LONG);
        world.story().tell(() -> way + " flaps");
        long end = world.events().now() + time;
        flap(way, Network.State.CUT, period, end);
        return mended(way, time);
    }

    private void flap(Way way, Network.State state, long period, long end) {
        if (!over && world.events().now() < end) {
            set(way, state);
            Network.State next = state == Network.State.CUT ? Network.State.OPEN : Network.State.CUT;
            world.events().in(period, () -> flap(way, next, period, end));
        }
    }

    /** What is asked arrives and is done; what is answered does not: to a service never, to others when the way is mended. */
    boolean loseAnswers(Choices how) {
        Way way = way(how);
        world.story().tell(() -> "answers from " + way.to() + " do not reach " + way.from());
        boolean service =
                world.nodes().stream().anyMatch(n -> n.process().name().equals(way.from()));
        world.network().set(way.to(), way.from(), service ? Network.State.LOST : Network.State.CUT);
        return mended(way, how.between("so for", SHORT, LONG));
    }

    /** All ways are mended, and stay so. */
    void end() {
        over = true;
        world.network().mend();
    }

    private void set(Way way, Network.State state) {
        world.network().set(way.from(), way.to(), state);
        if (way.both()) {
            world.network().set(way.to(), way.from(), state);
        }
    }

    private boolean mended(Way way, long time) {
        world.events().in(time, () -> {
            world.story().tell(() -> "the way from " + way.from() + " to " + way.to() + " is open");
            world.network().set(way.from(), way.to(), Network.State.OPEN);
            world.network().set(way.to(), way.from(), Network.State.OPEN);
        });
        return true;
    }
}
