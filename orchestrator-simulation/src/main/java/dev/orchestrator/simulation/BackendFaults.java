package dev.orchestrator.simulation;

import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.simulation.backend.SimulatedBackend;
import dev.orchestrator.simulation.node.SimulatedService;
import dev.orchestrator.simulation.plan.Choices;
import java.time.Duration;

/** What goes wrong with the backend itself. */
final class BackendFaults {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(5);

    /** A lease that lacks its last renewals is renewed again before it runs out. */
    private static final Duration TOLD_AGAIN = Duration.ofMillis(1200);

    private final Schedule world;

    BackendFaults(Schedule world) {
        this.world = world;
    }

    private SimulatedBackend backend() {
        return world.backend();
    }

    boolean loseAnswers(Choices how) {
        tell("answers of the backend are lost");
        backend().loseAnswers(how.number("answers", 1, 3));
        return true;
    }

    boolean stall(Choices how) {
        tell("the backend stalls");
        backend().stall();
        return until(how.between("stalled for", SHORT, LONG), "the backend goes on", backend()::goOn);
    }

    boolean makeReadOnly(Choices how) {
        tell("the backend is read-only");
        backend().readOnly(true);
        long time = how.between("read-only for", SHORT, LONG);
        return until(time, "the backend can be written again", () -> backend().readOnly(false));
    }

    boolean refuse(Choices how) {
        tell("the backend refuses connections");
        backend().refuse();
        return until(how.between("refusing for", SHORT, LONG), "the backend can be reached again", backend()::accept);
    }

    /** Its primary dies, and a moment later a replica that lacks what was written last is where it was. */
    boolean failOver(Choices how) {
        boolean split = how.once("one service reaches the former one", 3);
        SimulatedService behind =
                how.oneOf("who may be behind", world.nodes(), n -> n.process().name());
        long lacking = how.between("lacking the last", Duration.ZERO, Duration.ofSeconds(2));
        long down = how.between("taking over within", Duration.ofMillis(10), Duration.ofSeconds(2));
        tell("the backend dies");
        if (split) {
            backend().stay(behind.process().name());
        }
        backend().refuse();
        world.events().in(down, () -> {
            tell("a replica of the backend takes over");
            boolean recordsToo =
                    lacking + down < TOLD_AGAIN.toNanos() && world.faults().spareTheRest();
            backend().failOver(lacking, r -> !recordsToo || !mayBeLost(r));
            backend().accept();
        });
        return until(down + LONG.toNanos() / 2, "every service reaches the present backend", backend()::allMove);
    }

    /**
     * Whether it can be told again: by a leader that runs it, whose lease holds in the copy, too. What a vanished service had
     * begun, what an order had under locks that are lost with it, and what had ended nobody can tell again: the copy has that.
     */
    private boolean mayBeLost(RecoveryRecord record) {
        boolean led = backend()
                .rows()
                .holder(backend().now())
                .filter(l -> l.epoch() == record.epoch())
                .isPresent();
        boolean runs = world.nodes().stream()
                .anyMatch(n -> n.leads() && n.process().name().equals(record.node()));
        return record.isActive() && record.type() != RecoveryType.SWITCHOVER && led && runs;
    }

    private void tell(String what) {
        world.story().tell(() -> what);
    }

    private boolean until(long time, String words, Runnable then) {
        world.events().in(time, () -> {
            tell(words);
            then.run();
        });
        return true;
    }

    /** All that can be mended is. */
    void end() {
        backend().loseAnswers(0);
        backend().readOnly(false);
        backend().accept();
        backend().allMove();
        backend().goOn();
    }
}
