package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepState;
import java.time.Duration;
import java.util.List;

/**
 * One command that is tried until the state shows that it has worked, a few times at most. Whoever uses it looks at the
 * state first: what is done already is not attempted. After an end of unknown outcome the server is read before anything
 * is said again.
 *
 * @param effects what is to be done now; empty while an answer is awaited
 * @param failed why it was tried often enough, null while it was not
 */
record CommandAttempt(
        List<Effect> effects,
        @org.jspecify.annotations.Nullable String failed) {
    private static final Duration PAUSE = Duration.ofMillis(50);

    static CommandAttempt once(State s, Effect.Run run) {
        return upTo(1, s, run);
    }

    static CommandAttempt upTo(int most, State s, Effect.Run run) {
        InstanceKey server = run.step().instance();
        StepState before = s.step(run.id()).orElse(null);
        if (before == null) {
            return new CommandAttempt(List.of(run), null);
        }
        if (before.inFlight()) {
            return new CommandAttempt(List.of(), null);
        }
        if (!s.servers().isCertain(server) || (before.isDone() && !s.servers().isProven(server))) {
            return new CommandAttempt(read(s, server, TimedCommands.READ), null);
        }
        if (before.attempts() >= most) {
            String words = before.isDone() ? notSeen(s, run) : before.words();
            return new CommandAttempt(List.of(), run.step().describe() + ": " + words);
        }
        Duration left = PAUSE.minus(s.now().since(before.lastEnded()));
        boolean rested = left.isNegative() || left.isZero();
        return new CommandAttempt(List.of(rested ? run : new Effect.Wake(left)), null);
    }

    /** A receiver that stops again at once says why. */
    private static String notSeen(State s, Effect.Run run) {
        InstanceCommand done = run.step().command();
        return s.answering(run.step().instance()).stream()
                .flatMap(i -> i.channels().stream())
                .filter(c -> done.equals(new InstanceCommand.StartReceiver(c.name()))
                        || done.equals(new InstanceCommand.StartReplication(c.name())))
                .filter(c -> Channels.isStopped(c) && !c.lastReceiverError().isEmpty())
                .map(c -> "its receiver stopped again, " + c.lastReceiverErrno() + " " + c.lastReceiverError())
                .findFirst()
                .orElse("it was done, but a reading does not show it");
    }

    /** A reading, unless one is under way. */
    static List<Effect> read(State s, InstanceKey server, Duration patience) {
        return s.servers().isBeingRead(server) ? List.of() : List.of(new Effect.Read(server, patience));
    }
}
