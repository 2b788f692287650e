package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes into the record who replicates from the new source and who does not. */
public final class Tidy implements Phase {
    private final Function<State, Instance> source;
    private final boolean aimIsThis;

    /**
     * The phase.
     *
     * @param source from whom they replicate now
     * @param aimIsThis whether the recovery has succeeded only when all that answer replicate from there
     */
    public Tidy(Function<State, Instance> source, boolean aimIsThis) {
        this.source = source;
        this.aimIsThis = aimIsThis;
    }

    @Override
    public String name() {
        return PhaseNames.TIDY;
    }

    @Override
    public boolean done(State s) {
        return s.memory().hasPassed(name());
    }

    @Override
    public List<Effect> wanted(State s) {
        List<InstanceKey> following = new ArrayList<>(List.of(source.apply(s).key()));
        List<InstanceKey> lost = new ArrayList<>();
        for (InstanceKey key : s.terms().followers()) {
            String why = s.memory().settled().get(key);
            if (why != null && !key.equals(following.get(0))) {
                (why.isEmpty() ? following : lost).add(key);
            }
        }
        RecoveryRecord record = s.record().toBuilder()
                .participants(following)
                .lostReplicas(lost)
                .repointedAt(s.now().at())
                .successful(
                        aimIsThis
                                ? lost.stream().allMatch(k -> s.answering(k).isEmpty())
                                : s.record().successful())
                .build();
        return List.of(new Effect.Decide(new Fact.Recorded(record, name())));
    }
}
