package dev.orchestrator.engine.internal.shell.fencing;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.fencing.Enforcement;
import dev.orchestrator.engine.internal.core.fencing.Enforcing;
import dev.orchestrator.engine.internal.core.fencing.FenceEffect;
import dev.orchestrator.engine.internal.core.fencing.FenceEvent;
import dev.orchestrator.engine.internal.core.fencing.FencedServers;
import dev.orchestrator.engine.internal.core.fencing.UnderFence;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.execution.Commander;
import dev.orchestrator.engine.internal.shell.execution.CoreLoop;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Carries out what one fence wants, and tells it what came of it. Thread-safe. */
final class FenceRun {
    private static final Logger log = LoggerFactory.getLogger(FenceRun.class);

    private final RecoveryPorts ports;
    private final FencedRecoveries recoveries;
    private final Fence fence;
    private final Commander commander;
    private final CoreLoop<Enforcement, FenceEvent, FenceEffect> loop;
    private final Authority right = new OwnRight();
    private final Hands hands = new Hands();
    private volatile Authority operation = Authority.none();
    /** Whether what was sent last was sent by the operation's right. */
    private volatile boolean actedByOperation;

    FenceRun(RecoveryPorts ports, FencedRecoveries recoveries, Executor threads, Fence fence) {
        this.ports = ports;
        this.recoveries = recoveries;
        this.fence = fence;
        this.commander = new Commander(ports.gateway()::command, ports.clocks().ticker(), right, this::rightLost);
        Enforcement begin = Enforcement.begin(fence, ports.config().pollInterval(), now());
        this.loop = new CoreLoop<>(begin, this::result, threads, threads, this::now);
    }

    /** The leader's right where there is one, else that of the operation that ordered it. */
    private final class OwnRight implements Authority {
        @Override
        public long check() {
            Optional<Leadership.Held> held = ports.leadership().held();
            actedByOperation = held.isEmpty();
            return held.map(Leadership.Held::deadlineNanos).orElseGet(operation::check);
        }

        @Override
        public Right right() {
            return ports.leadership()
                    .held()
                    .<Right>map(h -> new Right.UnderLease(h.lease()))
                    .orElseGet(operation::right);
        }
    }

    /** The right of the operation that orders something about it. */
    void under(Authority ordered) {
        operation = ordered;
    }

    /** Nothing more is sent by that right; answers whether something may be on its way by it. */
    boolean withdraw(Authority ordered) {
        boolean its = operation == ordered;
        if (its) {
            operation = Authority.none();
        }
        return its && actedByOperation;
    }

    boolean isIdle() {
        return await(Enforcement::isIdle, Duration.ZERO);
    }

    void tell(Function<Moment, FenceEvent> event) {
        loop.post(event.apply(now()));
    }

    /** Whether it came to be in time. */
    boolean await(Predicate<Enforcement> condition, Duration atMost) {
        return loop.await(condition, atMost);
    }

    private void rightLost(String why) {
        tell(at -> new FenceEvent.RightLost(why, at));
    }

    /** Nothing that the fence has to know. */
    private FenceEvent done() {
        return new FenceEvent.Woke(now());
    }

    private Moment now() {
        return ports.clocks().now();
    }

    /** Carries it out and waits for its end. */
    private FenceEvent result(FenceEffect effect) {
        try {
            return effect.match(hands);
        } catch (OrchestratorException e) {
            String words = Objects.requireNonNullElse(e.getMessage(), e.code().name());
            if (e.code() == ErrorCode.NOT_LEADER || e.code() == ErrorCode.LOCK_LOST) {
                rightLost(words);
            }
            return new FenceEvent.Failed(effect, words, now());
        }
    }

    /** What each effect is; answers what came of it. */
    private final class Hands implements FenceEffect.Cases<FenceEvent> {
        @Override
        public FenceEvent send(FenceEffect.Send it) {
            FencedServers servers = new FencedServers(fence, ports.fleet().known());
            List<StepResult> results = servers.receivers(it.command()).stream()
                    .map(key -> commander.send(
                            new PlanStep(key, fence.serverUuid(), it.command(), it.patience(), false, false)))
                    .toList();
            return new FenceEvent.Sent(it, FencedServers.together(results), now());
        }

        @Override
        public FenceEvent read(FenceEffect.Read it) {
            Fleet known = ports.fleet().known();
            InstanceKey primary = Enforcing.primary(fence, known);
            List<InstanceKey> keys = new ArrayList<>(new FencedServers(fence, known).read());
            keys.add(primary);
            Fleet fleet = ports.fleet().refresh(keys, it.patience());
            return new FenceEvent.Read(it, fleet, primary, now());
        }

        @Override
        public FenceEvent check(FenceEffect.Check it) {
            return new FenceEvent.Checked(it, ports.fences().standing(), now());
        }

        @Override
        public FenceEvent save(FenceEffect.Save it) {
            boolean written = ports.fences().update(it.fence(), it.state(), it.note(), right.right());
            return new FenceEvent.Saved(it, written, now());
        }

        @Override
        public FenceEvent end(FenceEffect.End it) {
            return new FenceEvent.EndTried(it, new FenceEnding(ports, right).end(it.view()), now());
        }

        @Override
        public FenceEvent complete(FenceEffect.Complete it) {
            recoveries.complete(it.fence(), it.losses(), it.held(), right.right());
            return done();
        }

        @Override
        public FenceEvent explain(FenceEffect.Explain it) {
            ports.reanalysis()
                    .analyze(it.fleet(), it.server())
                    .ifPresent(f -> UnderFence.refusal(f, it.fence(), it.lastWords())
                            .ifPresent(d -> recoveries.notActedOn(it.server(), name(it.fleet(), f.cluster()), d)));
            return done();
        }

        @Override
        public FenceEvent tell(FenceEffect.Tell it) {
            log(Level.WARN, it.message());
            String cluster = name(ports.fleet().current(), fence.cluster());
            ports.audit()
                    .record(new AuditEntry(
                            0, null, it.type(), fence.instance(), cluster, ports.automatic(), it.message()));
            return done();
        }

        @Override
        public FenceEvent note(FenceEffect.Note it) {
            log(Level.valueOf(it.severity().name()), it.message());
            return done();
        }

        @Override
        public FenceEvent wake(FenceEffect.Wake it) {
            return done();
        }

        private void log(Level level, String message) {
            log.atLevel(level)
                    .addKeyValue("instance", fence.instance())
                    .addKeyValue("recovery", fence.recoveryUid())
                    .log(message);
        }

        private static String name(Fleet fleet, ClusterId cluster) {
            return fleet.cluster(cluster).map(Cluster::name).orElse("");
        }
    }
}
