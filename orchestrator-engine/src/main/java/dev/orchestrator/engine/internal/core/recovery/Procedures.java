package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.phase.ChooseSource;
import dev.orchestrator.engine.internal.core.phase.ChooseSuccessor;
import dev.orchestrator.engine.internal.core.phase.ConfirmWritable;
import dev.orchestrator.engine.internal.core.phase.Demote;
import dev.orchestrator.engine.internal.core.phase.Drain;
import dev.orchestrator.engine.internal.core.phase.HandOver;
import dev.orchestrator.engine.internal.core.phase.NameSuccessor;
import dev.orchestrator.engine.internal.core.phase.Promote;
import dev.orchestrator.engine.internal.core.phase.Publish;
import dev.orchestrator.engine.internal.core.phase.ReadFollowers;
import dev.orchestrator.engine.internal.core.phase.Rejoin;
import dev.orchestrator.engine.internal.core.phase.Repoint;
import dev.orchestrator.engine.internal.core.phase.Restore;
import dev.orchestrator.engine.internal.core.phase.StopReceivers;
import dev.orchestrator.engine.internal.core.phase.Tidy;
import dev.orchestrator.engine.internal.core.phase.Unname;
import dev.orchestrator.engine.internal.core.phase.WaitUntilReady;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The recoveries, and the switchover, as lists of phases. */
public final class Procedures {
    private Procedures() {}

    /**
     * Which procedure carries out which kind of recovery.
     *
     * @param type the kind
     * @param settings for a switchover, see {@link #switchover}; null for all else
     * @param start for a switchover, see {@link #switchover}
     * @return the procedure
     */
    public static Procedure of(RecoveryType type, @Nullable ChannelSettings settings, boolean start) {
        return switch (type) {
            case DEAD_PRIMARY -> deadPrimary();
            case DEAD_INTERMEDIATE_SOURCE -> deadIntermediateSource();
            case SWITCHOVER -> switchover(settings, start);
        };
    }

    /**
     * Replaces a dead primary by one of its replicas.
     *
     * @return the procedure
     */
    public static Procedure deadPrimary() {
        return new Procedure(
                "replace a dead primary",
                List.of(
                        new StopReceivers(),
                        new ReadFollowers(),
                        new ChooseSuccessor(),
                        new Drain(),
                        NameSuccessor.chosen(),
                        new Promote(),
                        new Publish(),
                        Repoint.belowSuccessor(Procedures::promoted),
                        new ConfirmWritable(),
                        new Tidy(Procedures::promoted, false)),
                List.of(new Unname(), new Restore(false)));
    }

    /**
     * Moves the replicas of a dead intermediate source below another server. Nobody is promoted and nothing can be lost:
     * what they received stays theirs, and the new source has the rest.
     *
     * @return the procedure
     */
    public static Procedure deadIntermediateSource() {
        return new Procedure(
                "move the replicas of a dead intermediate source",
                List.of(
                        new StopReceivers(),
                        new ReadFollowers(),
                        new ChooseSource(),
                        NameSuccessor.source(),
                        Repoint.belowSuccessor(Procedures::source),
                        new Tidy(Procedures::source, true)),
                List.of(new Unname(), new Restore(false)));
    }

    /**
     * Hands a living primary over to one of its replicas.
     *
     * @param settings how the former primary connects afterwards, and as whom; null when that cannot be had
     * @param start whether it replicates at once
     * @return the procedure
     */
    public static Procedure switchover(@Nullable ChannelSettings settings, boolean start) {
        return new Procedure(
                "hand a living primary over",
                List.of(
                        new WaitUntilReady(),
                        new Demote(),
                        new HandOver(),
                        NameSuccessor.explicit(),
                        new Promote(),
                        new Publish(),
                        Repoint.belowSuccessor(Procedures::promoted),
                        new Rejoin(settings, start),
                        new ConfirmWritable(),
                        new Tidy(Procedures::promoted, false)),
                List.of(new Unname(), new Restore(true)));
    }

    private static Instance promoted(State s) {
        return Objects.requireNonNull(s.memory().promoted());
    }

    private static Instance source(State s) {
        return s.servers()
                .fleet()
                .instance(Objects.requireNonNull(s.record().successor()))
                .orElseThrow();
    }
}
