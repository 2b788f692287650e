package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.candidate.ChoicePolicy;
import dev.orchestrator.engine.internal.core.candidate.NewSourceChooser;
import dev.orchestrator.engine.internal.core.candidate.NewSourceChooser.NewSource;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.List;

/**
 * Chooses who feeds the replicas of a dead intermediate source from now on. The chosen one is read once more after them,
 * so that it cannot seem to lack what they have.
 */
public final class ChooseSource implements Phase {
    @Override
    public String name() {
        return PhaseNames.CHOOSE;
    }

    @Override
    public boolean done(State s) {
        InstanceKey source =
                Succession.isNamed(s) ? Succession.named(s) : s.memory().source();
        return source != null && s.answering(source).filter(i -> !isOther(s, i)).isPresent() && isReadLast(s, source);
    }

    @Override
    public List<Effect> wanted(State s) {
        InstanceKey source =
                Succession.isNamed(s) ? Succession.named(s) : s.memory().source();
        if (source == null) {
            return choose(s);
        }
        boolean gone = s.answering(source).filter(i -> isOther(s, i)).isPresent();
        return gone || isReadLast(s, source)
                ? Decisions.giveUp(source + " does not answer any more")
                : CommandAttempt.read(s, source, TimedCommands.READ);
    }

    /** Whoever named it meant the server that was there then. */
    private static boolean isOther(State s, Instance source) {
        return Succession.isNamed(s) && Succession.isAnother(s, source);
    }

    private static boolean isReadLast(State s, InstanceKey source) {
        return s.terms().participants().stream()
                .filter(k -> !k.equals(source))
                .filter(k -> s.answering(k).isPresent())
                .filter(k -> !s.memory().settled().containsKey(k)
                        && s.steps().keySet().stream()
                                .noneMatch(id -> id.phase().equals(PhaseNames.REPOINT)))
                .allMatch(k -> s.servers().lastReadBegun(source) >= s.servers().lastReadEnded(k));
    }

    private static List<Effect> choose(State s) {
        NewSource source = NewSourceChooser.choose(
                s.servers().fleet(),
                s.terms().primary(),
                s.terms().participants(),
                s.terms().explicit(),
                ChoicePolicy.of(
                        s.terms().config(),
                        s.servers().fleet(),
                        s.terms().primary(),
                        s.terms().automatic()));
        InstanceKey chosen = source.chosen();
        return chosen == null
                ? Decisions.giveUp(source.explanation())
                : List.of(new Effect.Decide(new Fact.Source(chosen), PhaseNames.CHOOSE, chosen, source.explanation()));
    }
}
