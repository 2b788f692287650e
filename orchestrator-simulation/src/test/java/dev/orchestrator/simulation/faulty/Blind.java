package dev.orchestrator.simulation.faulty;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.internal.core.analysis.AnalysisPolicy;
import dev.orchestrator.engine.internal.core.procedure.Before;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.simulation.node.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** States in which something is not seen as it is. */
final class Blind {
    private Blind() {}

    /** Procedures none of whose phases sees it. */
    static Engine to(UnaryOperator<State> seen) {
        return Exchange.running(p -> new Procedure(p.title(), all(p.forward(), seen), all(p.back(), seen)));
    }

    private static List<Phase> all(List<Phase> good, UnaryOperator<State> seen) {
        return good.stream().map(p -> Exchange.seeing(p, seen)).toList();
    }

    /** Nobody counts the replicas whose acknowledgements commits wait for. */
    static Instance withoutAckers(Instance i) {
        SemiSyncState is = i.semiSync();
        return i.toBuilder()
                .semiSync(new SemiSyncState(
                        is.available(),
                        is.sourceEnabled(),
                        is.sourceActive(),
                        is.replicaEnabled(),
                        is.replicaActive(),
                        is.waitForReplicas(),
                        is.timeout(),
                        0))
                .build();
    }

    /** Nobody sees what servers leave out. */
    static Instance withoutFilters(Instance i) {
        return i.toBuilder()
                .binlogFilters(List.of())
                .channels(i.channels().stream()
                        .map(c -> c.toBuilder().filters(List.of()).build())
                        .toList())
                .build();
    }

    /** Why a receiver does not get in, nobody looks: its source is gone. */
    static Instance toRefusals(Instance i) {
        return connecting(i, c -> c.toBuilder().lastReceiverErrno(0).build());
    }

    /** Since when a receiver has lost its source, nobody asks: it may be long ago. */
    static AnalysisPolicy toTheTimeOfLoss(AnalysisPolicy is) {
        return new AnalysisPolicy(
                is.lagThreshold(),
                Duration.ofDays(1),
                is.refutationHolds(),
                is.lockedSemiSyncAfter(),
                is.enforceExactSemiSyncReplicas(),
                is.recoverNonWriteablePrimary());
    }

    private static Instance connecting(Instance i, UnaryOperator<ReplicationChannel> seen) {
        return i.toBuilder()
                .channels(i.channels().stream()
                        .map(c -> c.receiver() == ReplicationThreadState.CONNECTING ? seen.apply(c) : c)
                        .toList())
                .build();
    }

    /** No replica of the failed server has replicas that it would leave behind. */
    static State withoutOrphans(State s) {
        Terms t = s.terms();
        return with(
                s,
                new Terms(
                        t.primary(),
                        t.replicas(),
                        List.of(),
                        t.leftAlone(),
                        t.rules(),
                        t.explicit(),
                        t.automatic(),
                        t.resumed(),
                        t.before(),
                        t.config()));
    }

    /** What operators want is not asked for. */
    static State toRules(State s) {
        Terms t = s.terms();
        return with(
                s,
                new Terms(
                        t.primary(),
                        t.replicas(),
                        t.orphans(),
                        t.leftAlone(),
                        Map.of(),
                        t.explicit(),
                        t.automatic(),
                        t.resumed(),
                        t.before(),
                        t.config()));
    }

    /** Of each server only the channel that sorts first was written down. */
    static State withFirstChannels(State s) {
        Terms t = s.terms();
        List<ServerBefore> servers = t.before().servers().stream()
                .map(b -> new ServerBefore(
                        b.key(),
                        b.serverUuid(),
                        b.readOnly(),
                        b.superReadOnly(),
                        b.eventScheduler(),
                        b.semiSyncSource(),
                        b.semiSyncReplica(),
                        b.channels().stream().limit(1).toList()))
                .toList();
        return with(
                s,
                new Terms(
                        t.primary(),
                        t.replicas(),
                        t.orphans(),
                        t.leftAlone(),
                        t.rules(),
                        t.explicit(),
                        t.automatic(),
                        t.resumed(),
                        new Before(servers),
                        t.config()));
    }

    /** A channel that is switched off ended with an error, it seems: its server is a replica. */
    static Instance withoutLeftovers(Instance i) {
        return i.toBuilder()
                .channels(i.channels().stream()
                        .map(c -> c.toBuilder()
                                .lastReceiverErrno(
                                        c.receiver() == ReplicationThreadState.STOPPED ? 13117 : c.lastReceiverErrno())
                                .build())
                        .toList())
                .build();
    }

    private static State with(State s, Terms terms) {
        return new State(
                terms,
                s.begun(),
                s.now(),
                s.servers(),
                s.steps(),
                s.ledger(),
                s.memory(),
                s.told(),
                s.stopAsked(),
                s.rightLost(),
                s.end());
    }
}
