package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.LockRequest;
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
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fences of one service, each driven by the engine's own state machine. Not thread-safe. */
final class Fencing {
    private static final Duration READ = Duration.ofSeconds(1);
    private static final Duration IN_FLIGHT = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final SimulatedService node;
    private final NodeProcess process;
    private final Map<String, Run> runs = new TreeMap<>();

    Fencing(SimulatedService node) {
        this.node = node;
        this.process = node.process();
    }

    private static String name(Fence fence) {
        return fence.serverUuid() + " " + fence.recoveryUid();
    }

    void enforce(Fence fence, SimulatedAuthority authority) {
        run(fence).under(authority).post(new FenceEvent.Ordered(fence, process.now()));
    }

    void lift(Fence fence, SimulatedAuthority authority, String why) {
        run(fence).under(authority).post(new FenceEvent.LiftAsked(why, process.now()));
    }

    /** The server is about to be promoted: nothing more is done about an earlier fence of it. */
    void release(String serverUuid) {
        runs.forEach((name, run) -> {
            if (name.startsWith(serverUuid + " ")) {
                run.post(new FenceEvent.Released(process.now()));
            }
        });
    }

    /** An operation is over: nothing more is sent by its right, and what is under way by that right is awaited. */
    void withdraw(SimulatedAuthority authority, Runnable then) {
        List<Run> ordered =
                runs.values().stream().filter(run -> run.withdraw(authority)).toList();
        whenSent(ordered, process.nanos() + IN_FLIGHT.toNanos(), then);
    }

    private void whenSent(List<Run> ordered, long end, Runnable then) {
        if (process.nanos() >= end || ordered.stream().noneMatch(run -> run.sending > 0)) {
            then.run();
        } else {
            process.in(LOOK, () -> whenSent(ordered, end, then));
        }
    }

    private Run run(Fence fence) {
        return runs.computeIfAbsent(name(fence), n -> new Run(fence));
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
            FenceView view = new FenceView(fence, node.fleet(), recovery);
            run(fence).post(new FenceEvent.Seen(node.world().engine().fences().seen(view), process.now()));
        }
    }

    /** One fence. */
    private final class Run implements FenceEffect.Cases<Boolean> {
        private final Fence fence;
        private final VirtualLoop<Enforcement, FenceEvent, FenceEffect> loop;
        private @Nullable SimulatedAuthority operation;
        private int sending;
        private boolean actedByOperation;

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

        /** The right of the operation that orders something about it. */
        Run under(SimulatedAuthority ordered) {
            operation = ordered;
            return this;
        }

        /** Nothing more is sent by that right; answers whether something may be on its way by it. */
        boolean withdraw(SimulatedAuthority ordered) {
            boolean its = operation == ordered;
            operation = its ? null : operation;
            return its && actedByOperation;
        }

        void post(FenceEvent event) {
            loop.post(event);
        }

        /** The leader's right where there is one, else that of the operation that ordered it; null when it is gone. */
        private @Nullable SimulatedAuthority authority() {
            return node.leadership()
                    .lease()
                    .map(lease -> SimulatedAuthority.ofLease(node.leadership(), lease))
                    .orElseGet(() -> operation == null || operation.until().isEmpty() ? null : operation);
        }

        private boolean later(FenceEvent event) {
            process.in(Duration.ZERO, () -> loop.post(event));
            return true;
        }

        private boolean noRight(FenceEffect effect) {
            later(new FenceEvent.RightLost("this node has no right to act", process.now()));
            return later(new FenceEvent.Failed(effect, "this node has no right to act", process.now()));
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
            SimulatedAuthority authority = authority();
            if (authority == null) {
                return noRight(it);
            }
            sending++;
            actedByOperation = authority == operation;
            return send(it, new FencedServers(fence, node.fleet()).receivers(it.command()), authority, List.of());
        }

        /** One server after the other, as the engine does. */
        private boolean send(
                FenceEffect.Send it, List<InstanceKey> left, SimulatedAuthority authority, List<StepResult> before) {
            if (left.isEmpty()) {
                sent(it, FencedServers.together(before));
                return true;
            }
            PlanStep step = new PlanStep(left.get(0), fence.serverUuid(), it.command(), it.patience(), false, false);
            long certain = authority.until().orElse(process.nanos()) - process.nanos();
            node.gateway().command(step, authority.right(), certain, result -> {
                List<StepResult> results = new ArrayList<>(before);
                results.add(result);
                send(it, left.subList(1, left.size()), authority, results);
            });
            return true;
        }

        private void sent(FenceEffect.Send it, StepResult result) {
            later(new FenceEvent.Sent(it, result, process.now()));
            sending--;
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
            SimulatedAuthority authority = authority();
            if (authority == null) {
                return noRight(it);
            }
            return ask(
                    it,
                    rows -> rows.updateFence(
                            it.fence(),
                            it.state(),
                            it.note(),
                            authority.right(),
                            node.world().backend().now()),
                    written -> new FenceEvent.Saved(it, written, process.now()));
        }

        /** Under the locks of the two servers, so that nobody is promoted between the last look and the end. */
        @Override
        public Boolean end(FenceEffect.End it) {
            SimulatedAuthority authority = authority();
            if (authority == null) {
                return noRight(it);
            }
            LockRequest both = LockRequest.of(it.view().both(), List.of());
            String why = "ending the fence of " + fence.instance();
            SimulatedLock.acquire(node, both, node.recoveries().automatic(), why, (lock, answer) -> {
                if (lock == null) {
                    later(new FenceEvent.EndTried(it, Optional.empty(), process.now()));
                } else {
                    node.refresh(it.view().everybody(), READ, () -> end(it, authority.right(), lock));
                }
            });
            return true;
        }

        private void end(FenceEffect.End it, Right right, SimulatedLock lock) {
            FenceView again =
                    new FenceView(it.view().fence(), node.fleet(), it.view().recovery());
            Rebuilding seen = Rebuilding.in(again);
            if (!seen.isSeen() || lock.until().isEmpty()) {
                lock.close();
                later(new FenceEvent.EndTried(it, Optional.empty(), process.now()));
                return;
            }
            String note = seen.note(fence);
            node.write(
                    (rows, now) -> rows.active(fence.cluster()).isEmpty()
                            && rows.updateFence(it.view().fence(), FenceState.LIFTED, note, right, now),
                    ended -> {
                        lock.close();
                        later(new FenceEvent.EndTried(it, ended.filter(e -> e).map(e -> note), process.now()));
                    });
        }

        @Override
        public Boolean complete(FenceEffect.Complete it) {
            SimulatedAuthority authority = authority();
            return authority == null
                    || node.runs().complete(it.fence().recoveryUid(), it.losses(), it.held())
                    || ask(
                            it,
                            rows -> rows.complete(
                                    it.fence(),
                                    it.losses(),
                                    it.held(),
                                    authority.right(),
                                    node.world().backend().now()),
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
