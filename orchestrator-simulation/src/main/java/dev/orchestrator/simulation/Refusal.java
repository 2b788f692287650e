package dev.orchestrator.simulation;

import dev.orchestrator.simulation.kind.ReplicationError;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.simulation.world.Network;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * In some worlds the first primary refuses its replicas from some moment on, or they do not find it any more since long;
 * it lives and serves its clients. Later nothing but the services' own way to it breaks. Its dice are its own.
 */
final class Refusal {
    /** So chosen that the seeds which once found something keep their worlds. */
    private static final long SALT = 223;

    private static final List<ReplicationError> SAID_BY_SOURCE = List.of(
            new ReplicationError(1045, "Access denied for user 'repl'"),
            new ReplicationError(1040, "Too many connections"),
            new ReplicationError(1130, "Host is not allowed to connect to this MySQL server"),
            new ReplicationError(3118, "Access denied for user 'repl'. Account is locked."));

    // These say nothing of its life: only how long ago they began keeps them from being evidence.
    private static final List<ReplicationError> SAID_BY_NOBODY = List.of(
            new ReplicationError(2003, "Can't connect to MySQL server (firewall)"),
            new ReplicationError(2005, "Unknown server host"));

    private final Schedule world;
    private final Choices chosen;
    private final boolean alone;
    private final Optional<ReplicationError> error;

    Refusal(Schedule world, long seed, Choices choices) {
        this.world = world;
        Dice dice = new Dice(Long.rotateLeft(seed, 32) ^ SALT);
        this.chosen = choices.by(dice);
        boolean refuses = dice.once(8);
        this.alone = refuses && !dice.once(4);
        ReplicationError thrown = dice.oneOf(dice.once(3) ? SAID_BY_NOBODY : SAID_BY_SOURCE);
        List<ReplicationError> all =
                Stream.concat(SAID_BY_SOURCE.stream(), SAID_BY_NOBODY.stream()).toList();
        this.error = chosen.perhaps(
                        "replicas refused with",
                        refuses ? Optional.of(words(thrown)) : Optional.empty(),
                        all.stream().map(Refusal::words).toList())
                .flatMap(w -> all.stream().filter(e -> words(e).equals(w)).findFirst());
    }

    private static String words(ReplicationError error) {
        return "error " + error.errno();
    }

    /** Whether it happens. */
    boolean happens() {
        return error.isPresent();
    }

    /** Whether nothing else goes wrong. */
    boolean isAlone() {
        return alone;
    }

    /** From now on, as the world begins. */
    void begin() {
        error.ifPresent(this::begin);
    }

    private void begin(ReplicationError with) {
        boolean early = SAID_BY_NOBODY.contains(with);
        long refused = chosen.between(
                "refused after", Duration.ofMillis(early ? 300 : 1000), Duration.ofMillis(early ? 500 : 3000));
        long lost = chosen.between(
                "lost to services after", Duration.ofMillis(early ? 7000 : 3100), Duration.ofMillis(9000));
        long lasts = chosen.between("lost for", Duration.ofSeconds(2), Duration.ofSeconds(8));
        world.events().in(refused, () -> refuse(with));
        world.events().in(lost, () -> loseWay(lasts));
    }

    private SimulatedServer primary() {
        return world.servers().all().iterator().next();
    }

    private void refuse(ReplicationError with) {
        world.story()
                .tell(() -> primary().key() + " breaks its replicas' connections; whoever connects again meets "
                        + with.errno() + " " + with.text());
        primary().obstacles().refuse(with);
        primary().obstacles().breakStreams();
    }

    private void loseWay(long lasts) {
        world.story().tell(() -> "the ways between services and " + primary().key() + " are CUT");
        set(Network.State.CUT);
        world.events().in(lasts, () -> {
            world.story()
                    .tell(() -> "the ways between services and " + primary().key() + " are OPEN");
            set(Network.State.OPEN);
        });
    }

    private void set(Network.State state) {
        String host = primary().key().hostname();
        world.nodes().forEach(n -> {
            world.network().set(n.process().name(), host, state);
            world.network().set(host, n.process().name(), state);
        });
    }

    /** Somebody mends it. */
    void end() {
        primary().obstacles().refuseNobody();
    }
}
