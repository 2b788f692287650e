package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Sees at the end that the new primary still takes writes. One that was restarted since its promotion is read-only again
 * where its configuration file says so, and nobody else would ever make it writable.
 */
public final class ConfirmWritable implements Phase {
    private static final String FOLLOWED = "followed";
    private static final int ATTEMPTS = 3;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    /** A restart takes a second or two; one that is away for longer is another failure, for detection to find. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @Override
    public String name() {
        return PhaseNames.CONFIRM_WRITABLE;
    }

    @Override
    public boolean done(State s) {
        return s.memory().hasPassed(name());
    }

    @Override
    public List<Effect> wanted(State s) {
        if (!s.memory().hasPassed(FOLLOWED)) {
            return List.of(new Effect.Decide(new Fact.Passed(FOLLOWED)));
        }
        InstanceKey key = Objects.requireNonNull(s.memory().promoted()).key();
        if (s.servers().isBeingTold(key)) {
            return List.of();
        }
        boolean seen = s.servers().isProven(key)
                && s.servers().isCertain(key)
                && s.servers().lastReadBegun(key) >= s.memory().passedAt(FOLLOWED);
        if (!seen) {
            return CommandAttempt.read(s, key, TimedCommands.READ);
        }
        Instance primary = s.answering(key).orElse(null);
        if (primary == null) {
            return silent(s, key);
        }
        if (Succession.isAnother(s, primary)) {
            return passed(key + " was promoted and is gone: another server, " + primary.serverUuid()
                    + ", answers there; its failure is dealt with as one of its own");
        }
        if (primary.isWritable()) {
            return List.of(
                    primary.channels().isEmpty()
                            ? new Effect.Decide(
                                    new Fact.Passed(name()),
                                    PhaseNames.VERIFY,
                                    key,
                                    "read back: it is writable and nobody's replica")
                            : new Effect.Decide(
                                    new Fact.Passed(name(), key + " is writable but still knows its former source")));
        }
        Effect.Run open = TimedCommands.named(
                TimedCommands.run(name(), primary, new InstanceCommand.SetReadOnly(false)),
                "make it writable again: it is read-only since it was promoted, perhaps restarted");
        CommandAttempt attempt = CommandAttempt.upTo(ATTEMPTS, s, open);
        return attempt.failed() == null
                ? attempt.effects()
                : passed(key + " was promoted and is read-only now; it cannot be made writable: " + attempt.failed()
                        + ". See who made it read-only, then order set-writeable -i " + key);
    }

    private List<Effect> silent(State s, InstanceKey key) {
        if (s.now().since(s.servers().silentSince(key)).compareTo(PATIENCE) >= 0) {
            return passed(
                    key + " was promoted and does not answer now; if it comes back read-only, order set-writeable -i "
                            + key + ", if it does not come back, its failure is dealt with as one of its own");
        }
        Duration rest = BETWEEN_LOOKS.minus(s.now().since(s.servers().lastReadEnded(key)));
        return rest.isNegative() || rest.isZero()
                ? CommandAttempt.read(s, key, TimedCommands.READ)
                : List.of(new Effect.Wake(rest));
    }

    private List<Effect> passed(String problem) {
        return List.of(new Effect.Decide(new Fact.Passed(name(), problem)));
    }
}
