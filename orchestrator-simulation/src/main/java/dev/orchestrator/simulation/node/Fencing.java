package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.fencing.Enforcement;
import dev.orchestrator.engine.internal.core.fencing.Enforcing;
import dev.orchestrator.engine.internal.core.fencing.FenceEffect;
import dev.orchestrator.engine.internal.core.fencing.FenceEvent;
import dev.orchestrator.engine.internal.core.fencing.FenceView;
import dev.orchestrator.engine.internal.core.fencing.FencedServers;
import dev.orchestrator.engine.internal.core.fencing.Rebuilding;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.simulation.backend.Rows;
import dev.orchestrator.spi.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fences of one service, each driven by the engine's own state machine. Not thread-safe. */
final class Fencing {
    private static final Duration READ = Duration.ofSeconds(1);

    private final Service node;
    private final NodeProcess process;
    private final Map<String, Run> runs = new TreeMap<>();

    Fencing(Service node) {
        this.node = node;
        this.process = node.process();
    }

    private static String name(Fence fence) {
        return fence.serverUuid() + " " + fence.recoveryUid();
    }

    void enforce(Fence fence) {
        run(fence).post(new FenceEvent.Ordered(fence, process.now()));
    }

    void lift(Fence fence, String why) {
        run(fence).post(new FenceEvent.LiftAsked(why, process.now()));
    }

    /** The server is about to be promoted: nothing more is done about an earlier fence of it. */
    void release(String serverUuid) {
        runs.forEach((name, run) -> {
            if (name.startsWith(serverUuid + " ")) {
                run.post(new FenceEvent.Released(process.now()));
            }
        });
    }

    private VirtualLoop<Enforcement, FenceEvent, FenceEffect> run(Fence fence) {
        return runs.computeIfAbsent(name(fence), n -> new Run(fence)).loop;
    }

    /** What the backend says of all fences, told while this node leads. */
    void tick(List<Fence> standing, List<RecoveryRecord> recoveries) {
        runs.entrySet()
                .removeIf(e -> e.getValue().loop.state().isIdle()
                        && standing.stream().noneMatch(f -> name(f).equals(e.getKey())));
        runs.values().forEach(r -> r.loop.post(new FenceEvent.Standing(standing, process.now())));
        for (Fence fence : standing) {
            RecoveryRecord recovery = recoveries.stream()
                    .filter(r -> r.uid().equals(fence.recoveryUid()))
                    .findFirst()
                    .orElse(null);
            run(fence).post(new FenceEvent.Seen(new FenceView(fence, node.fleet(), recovery), process.now()));
        }
    }

    /** One fence. */
    private final class Run implements FenceEffect.Cases<Boolean> {
        private final Fence fence;
        private final VirtualLoop<Enforcement, FenceEvent, FenceEffect> loop;

        Run(Fence fence) {
            this.fence = fence;
            this.loop = new VirtualLoop<>(
                    process,
                    Enforcement.begin(fence, node.config().pollInterval(), process.now()),
                    new VirtualLoop.Machine<>(
                            Enforcement::fold,
                            Enforcing::next,
                            Run::pause,
                            () -> new FenceEvent.Woke(process.now()),
                            effect -> new FenceEvent.Begun(effect, process.now()),
                            effect -> effect.match(this)));
        }

        private static @Nullable Duration pause(FenceEffect effect) {
            return effect instanceof FenceEffect.Wake wake ? wake.in() : null;
        }

        void post(FenceEvent event) {
            loop.post(event);
        }

        private boolean later(FenceEvent event) {
            process.in(Duration.ZERO, () -> loop.post(event));
            return true;
        }

        private boolean noRight(FenceEffect effect) {
            later(new FenceEvent.RightLost("this node does not lead", process.now()));
            return later(new FenceEvent.Failed(effect, "this node does not lead", process.now()));
        }

        private <T> boolean ask(FenceEffect effect, Function<Rows, T> statement, Function<T, FenceEvent> answer) {
            node.world()
                    .backend()
                    .<T>call(
                            process.name(),
                            statement,
                            told -> process.happen(() -> loop.post(told.map(answer)
                                    .orElseGet(() -> new FenceEvent.Failed(
                                            effect, "the backend did not answer", process.now())))));
            return true;
        }

        @Override
        public Boolean send(FenceEffect.Send it) {
            OptionalLong until = node.leadership().until();
            if (until.isEmpty()) {
                return noRight(it);
            }
            return send(
                    it, new FencedServers(fence, node.fleet()).receivers(it.command()), until.getAsLong(), List.of());
        }

        /** One server after the other, as the engine does. */
        private boolean send(FenceEffect.Send it, List<InstanceKey> left, long until, List<StepResult> before) {
            if (left.isEmpty()) {
                sent(it, FencedServers.together(before));
                return true;
            }
            PlanStep step = new PlanStep(left.get(0), fence.serverUuid(), it.command(), it.patience(), false, false);
            node.gateway().command(step, until - process.nanos(), result -> {
                List<StepResult> results = new ArrayList<>(before);
                results.add(result);
                send(it, left.subList(1, left.size()), until, results);
            });
            return true;
        }

        private void sent(FenceEffect.Send it, StepResult result) {
            later(new FenceEvent.Sent(it, result, process.now()));
        }

        @Override
        public Boolean read(FenceEffect.Read it) {
            InstanceKey primary = Enforcing.primary(fence, node.fleet());
            List<InstanceKey> keys = new ArrayList<>(new FencedServers(fence, node.fleet()).read());
            keys.add(primary);
            node.refresh(
                    keys,
                    it.patience(),
                    () -> loop.post(new FenceEvent.Read(it, node.fleet(), primary, process.now())));
            return true;
        }

        @Override
        public Boolean check(FenceEffect.Check it) {
            return ask(it, Rows::fences, all -> new FenceEvent.Checked(it, all, process.now()));
        }

        @Override
        public Boolean save(FenceEffect.Save it) {
            Lease lease = node.leadership().lease().orElse(null);
            if (lease == null) {
                return noRight(it);
            }
            return ask(
                    it,
                    rows -> rows.updateFence(
                            it.fence(),
                            it.state(),
                            it.note(),
                            lease,
                            node.world().events().now()),
                    written -> new FenceEvent.Saved(it, written, process.now()));
        }

        /** The locks of an ending fence are those of the engine; operators' locks are not simulated yet. */
        @Override
        public Boolean end(FenceEffect.End it) {
            Lease lease = node.leadership().lease().orElse(null);
            if (lease == null) {
                return noRight(it);
            }
            node.refresh(it.view().everybody(), READ, () -> {
                FenceView again =
                        new FenceView(it.view().fence(), node.fleet(), it.view().recovery());
                Rebuilding seen = Rebuilding.in(again);
                if (!seen.isSeen()) {
                    later(new FenceEvent.EndTried(it, Optional.empty(), process.now()));
                    return;
                }
                ask(
                        it,
                        rows -> rows.updateFence(
                                it.view().fence(),
                                FenceState.LIFTED,
                                seen.note(fence),
                                lease,
                                node.world().events().now()),
                        ended -> new FenceEvent.EndTried(
                                it, ended ? Optional.of(seen.note(fence)) : Optional.empty(), process.now()));
            });
            return true;
        }

        @Override
        public Boolean complete(FenceEffect.Complete it) {
            Lease lease = node.leadership().lease().orElse(null);
            return lease == null
                    || node.recoveries().complete(it.fence().recoveryUid(), it.losses(), it.held())
                    || ask(
                            it,
                            rows -> rows.complete(
                                    it.fence(),
                                    it.losses(),
                                    it.held(),
                                    lease,
                                    node.world().events().now()),
                            done -> new FenceEvent.Woke(process.now()));
        }

        @Override
        public Boolean explain(FenceEffect.Explain it) {
            return true;
        }

        @Override
        public Boolean tell(FenceEffect.Tell it) {
            node.world().watcher().told(node, fence.instance() + ": " + it.message());
            return true;
        }

        @Override
        public Boolean note(FenceEffect.Note it) {
            return true;
        }

        @Override
        public Boolean wake(FenceEffect.Wake it) {
            return true;
        }
    }
}
