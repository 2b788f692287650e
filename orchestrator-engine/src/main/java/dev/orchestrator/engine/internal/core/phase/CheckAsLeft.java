package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.record.AsLeft;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Before anything is done on behalf of a record that somebody else left, looks whether the servers are still as it may have
 * been left: people do not wait for a node that is down. A successor that does not answer is looked at when it does, and
 * before another one is chosen in its place all are read once more.
 */
public final class CheckAsLeft implements Phase {
    private final List<Fence> fences;
    private final boolean forward;

    /**
     * The phase.
     *
     * @param fences all fences that stand
     * @param forward whether the record names a successor, so that it is to be finished
     */
    public CheckAsLeft(List<Fence> fences, boolean forward) {
        this.fences = List.copyOf(fences);
        this.forward = forward;
    }

    @Override
    public String name() {
        return PhaseNames.DECIDE;
    }

    @Override
    public boolean done(State s) {
        return s.memory().hasPassed(passed(s)) || isWaitedFor(s);
    }

    private static String passed(State s) {
        InstanceKey fallen = s.memory().fallen();
        return "as left" + (fallen == null ? "" : ", without " + fallen);
    }

    /** Only the successor itself can tell the rest. */
    private boolean isWaitedFor(State s) {
        InstanceKey named = Succession.named(s);
        return forward
                && named != null
                && s.memory().fallen() == null
                && s.answering(named).isEmpty()
                && look(s).whyNotForward().isEmpty();
    }

    private AsLeft look(State s) {
        return new AsLeft(
                s.record(), fences, s.memory().allFallen(), s.servers().fleet());
    }

    @Override
    public List<Effect> wanted(State s) {
        AsLeft look = look(s);
        Optional<String> overtaken = forward ? look.whyNotForward() : look.whyNotBack();
        if (overtaken.isPresent()) {
            String why = overtaken.get();
            return List.of(new Effect.Decide(new Fact.Overtaken(why), name(), null, why));
        }
        List<Effect> reads = readings(s);
        if (!reads.isEmpty()) {
            return reads;
        }
        return look.formerIsPrimaryAgain()
                .map(Decisions::giveUp)
                .orElseGet(() -> List.of(new Effect.Decide(new Fact.Passed(passed(s)))));
    }

    /** The others are not to be older than what is known of the successor. */
    private List<Effect> readings(State s) {
        InstanceKey named = Succession.named(s);
        long since = s.memory().fallen() != null
                ? s.memory().rejectedAt()
                : named == null ? s.begun().nanos() : s.servers().lastReadBegun(named);
        List<Effect> reads = new ArrayList<>();
        for (InstanceKey key : AsLeft.everybody(s.record(), s.servers().fleet())) {
            boolean known = s.servers().fleet().member(key).isPresent();
            if (known && s.servers().lastReadBegun(key) < since) {
                reads.addAll(
                        s.servers().isBeingRead(key)
                                ? List.of(new Effect.Wake(TimedCommands.GLANCE))
                                : CommandAttempt.read(
                                        s,
                                        key,
                                        s.answering(key).isEmpty() ? TimedCommands.GLANCE : TimedCommands.READ));
            }
        }
        return reads;
    }
}
