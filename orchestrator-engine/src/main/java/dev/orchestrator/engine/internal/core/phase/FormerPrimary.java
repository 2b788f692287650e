package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.time.Duration;
import java.util.List;

/**
 * The primary that handed over, from the naming of its successor until it follows. One that is started again meanwhile takes
 * writes by its own settings, beside its successor: it is looked at all the time and demoted as soon as it is seen writable.
 */
final class FormerPrimary {
    static final int ATTEMPTS = 3;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private FormerPrimary() {}

    /** What is to be done beside a phase that is about others; of a dead primary, its fence does it. */
    static List<Effect> watched(State s) {
        InstanceKey key = s.terms().primary();
        if (s.memory().written() == null || s.servers().isBeingTold(key)) {
            return List.of();
        }
        Instance former = s.answering(key)
                .filter(i -> i.serverUuid().equals(s.record().failedUuid()))
                .orElse(null);
        if (former != null && former.isWritable() && s.servers().isCertain(key)) {
            CommandAttempt attempt = CommandAttempt.upTo(ATTEMPTS, s, demotedAgain(former));
            if (attempt.failed() == null) {
                return attempt.effects();
            }
        }
        Duration rest = BETWEEN_LOOKS.minus(s.now().since(s.servers().lastReadEnded(key)));
        return rest.isNegative() || rest.isZero()
                ? CommandAttempt.read(s, key, TimedCommands.GLANCE)
                : List.of(new Effect.Wake(rest));
    }

    /** The same step whoever takes it: what is held alone is compared once it was taken. */
    static Effect.Run demotedAgain(Instance former) {
        return TimedCommands.run(PhaseNames.REJOIN, former, new InstanceCommand.SetReadOnly(true));
    }
}
