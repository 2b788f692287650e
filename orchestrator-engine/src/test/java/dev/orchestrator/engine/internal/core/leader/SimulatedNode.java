package dev.orchestrator.engine.internal.core.leader;

import dev.orchestrator.spi.Lease;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** One node: runs the pure core on a clock of its own, with one line to the backend that is asked in turn. */
final class SimulatedNode {
    private static final long ANSWER_TIMEOUT = LeaseWorld.TTL.toNanos();

    private final LeaseWorld world;
    private final String name;
    private final double speed;
    private final long offset;
    private final Queue<Function<Long, LeaseEvent>> orders = new ArrayDeque<>();
    private final Set<LeaseEffect> leaving = new HashSet<>();
    private LeaseState state;
    private boolean vanished;
    private long pausedUntil;
    private long workingUntil;
    private long busyUntil;

    SimulatedNode(LeaseWorld world, String name) {
        this.world = world;
        this.name = name;
        this.speed = 0.96 + 0.08 * world.random.nextDouble();
        this.offset = world.random.nextLong();
        LeaseSettings terms = new LeaseSettings("leader", name, LeaseWorld.TTL, Duration.ofMillis(750), true);
        this.state = LeaseState.begin(terms, world.random.nextBoolean());
    }

    @Override
    public String toString() {
        return name;
    }

    private long nanos(long time) {
        return offset + (long) (time * speed);
    }

    /** When its clock has gone on by so much. */
    private long after(Duration own) {
        return world.now() + (long) Math.ceil(own.toNanos() / speed);
    }

    boolean holds(long time) {
        return state.heldAt(nanos(time)).isPresent();
    }

    boolean isWorking(long time) {
        return time < workingUntil;
    }

    long epoch(long time) {
        return state.heldAt(nanos(time)).orElseThrow().lease().epoch();
    }

    /** How long what is under way can take. */
    long busyFor() {
        return Math.max(0, Math.max(busyUntil, pausedUntil) - world.now());
    }

    void start() {
        later(0, this::turn);
    }

    /** Does something on this node, when it is not paused then. */
    private void later(long delay, Runnable what) {
        long due = world.now() + delay;
        busyUntil = Math.max(busyUntil, due);
        world.at(due, () -> {
            if (vanished) {
                return;
            }
            if (world.chance(60)) {
                pausedUntil = Math.max(pausedUntil, world.now() + world.delay());
            }
            if (world.now() < pausedUntil) {
                later(pausedUntil - world.now(), what);
            } else {
                what.run();
            }
        });
    }

    private void turn() {
        order(LeaseEvent.TurnDue::new);
    }

    private void order(Function<Long, LeaseEvent> order) {
        orders.add(order);
        goOn();
    }

    /** The line to the backend takes one errand after the other. */
    private void goOn() {
        if (state.errand() == null && !orders.isEmpty()) {
            Function<Long, LeaseEvent> next = orders.remove();
            LeaseEvent begin = next.apply(nanos(world.now()));
            boolean isTurn = begin instanceof LeaseEvent.TurnDue;
            fold(begin);
            ask(isTurn);
        }
    }

    private void ask(boolean isTurn) {
        Optional<LeaseEffect> wanted = state.asks();
        if (wanted.isPresent()) {
            call(wanted.get(), answer -> {
                fold(answer);
                ask(isTurn);
            });
            return;
        }
        if (isTurn && !state.closed()) {
            Duration rest = state.untilNextTurn(nanos(world.now()), 0.75 + world.random.nextDouble() / 2);
            world.at(after(rest), () -> later(0, this::turn));
        }
        goOn();
    }

    private interface Heard {
        void answered(LeaseEvent event);
    }

    /** Asks something; it is done, and answered, whenever the world likes. */
    private void call(LeaseEffect effect, Heard heard) {
        long begun = nanos(world.now());
        boolean done = !world.chance(12);
        boolean answers = done && !world.chance(12);
        long doneIn = world.delay();
        if (!answers || doneIn > ANSWER_TIMEOUT) {
            // What was given up may be done long after.
            long late = doneIn + (world.chance(2) ? world.delay() : 0);
            if (done) {
                world.at(world.now() + late, () -> effect.match(new Carrying(begun)));
            }
            later(Math.min(ANSWER_TIMEOUT, doneIn), () -> {
                world.tell(name + " has no answer to " + effect);
                heard.answered(new LeaseEvent.Failed(nanos(world.now())));
            });
            return;
        }
        world.at(world.now() + doneIn, () -> {
            Supplier<LeaseEvent> answer = effect.match(new Carrying(begun));
            later(world.delay(), () -> heard.answered(answer.get()));
        });
    }

    /** Carries something out now; the event is made when the answer arrives. */
    private final class Carrying implements LeaseEffect.Cases<Supplier<LeaseEvent>> {
        private final long begun;

        Carrying(long begun) {
            this.begun = begun;
        }

        private long arrived() {
            return nanos(world.now());
        }

        @Override
        public Supplier<LeaseEvent> acquire(LeaseEffect.Acquire it) {
            Optional<Lease> lease = world.row.acquirable() ? Optional.of(world.row.take(name)) : Optional.empty();
            return () -> new LeaseEvent.Acquired(lease, begun, arrived());
        }

        @Override
        public Supplier<LeaseEvent> renew(LeaseEffect.Renew it) {
            boolean held = world.row.renew(it.lease());
            return () -> new LeaseEvent.Renewed(it.lease(), held, begun, arrived());
        }

        @Override
        public Supplier<LeaseEvent> seize(LeaseEffect.Seize it) {
            Lease lease = world.row.take(name);
            return () -> new LeaseEvent.Seized(lease, begun, arrived());
        }

        @Override
        public Supplier<LeaseEvent> look(LeaseEffect.Look it) {
            Optional<String> holder = Optional.of(world.row.holder()).filter(t -> !t.isEmpty());
            return () -> new LeaseEvent.Seen(holder, arrived());
        }

        @Override
        public Supplier<LeaseEvent> vote(LeaseEffect.Vote it) {
            boolean may = !world.chance(3);
            return () -> new LeaseEvent.Voted(may, arrived());
        }

        @Override
        public Supplier<LeaseEvent> release(LeaseEffect.Release it) {
            world.row.release(it.lease());
            return () -> new LeaseEvent.Released(it.lease(), arrived());
        }

        @Override
        public Supplier<LeaseEvent> awaitQuiescence(LeaseEffect.AwaitQuiescence it) {
            throw new IllegalStateException("not asked of the backend");
        }
    }

    private void fold(LeaseEvent event) {
        HeldLease before = state.tenure();
        state = state.fold(event);
        HeldLease now = state.tenure();
        if (now != null && (before == null || !before.lease().equals(now.lease()))) {
            world.tell(name + " has " + now.lease());
            // Whatever happens or not, who leads from then on is looked at then.
            world.at(world.now() + (long) Math.ceil((now.beginNanos() - nanos(world.now())) / speed) + 1, () -> {});
        } else if (now == null && before != null) {
            world.tell(name + " has " + before.lease() + " no longer: "
                    + event.getClass().getSimpleName());
        }
        state.leaves(nanos(world.now())).forEach(this::leave);
    }

    private void leave(LeaseEffect wanted) {
        if (wanted instanceof LeaseEffect.AwaitQuiescence await) {
            if (leaving.add(new LeaseEffect.AwaitQuiescence(await.lease(), Duration.ZERO))) {
                long limit = after(await.limit()) - world.now();
                long over = Math.max(0, workingUntil - world.now());
                later(Math.min(limit, over), () -> {
                    boolean quiet = !isWorking(world.now());
                    fold(new LeaseEvent.Quiet(await.lease(), quiet, nanos(world.now())));
                });
            }
        } else if (wanted instanceof LeaseEffect.Release release && leaving.add(wanted)) {
            call(release, answer -> {
                boolean failed = answer instanceof LeaseEvent.Failed;
                fold(failed ? new LeaseEvent.Quiet(release.lease(), false, answer.at()) : answer);
            });
        }
    }

    /** Something that people, the engine or fate do to it. */
    void anything() {
        switch (world.random.nextInt(9)) {
            case 0 -> later(0, () -> order(LeaseEvent.SeizeAsked::new));
            case 1 -> later(0, () -> order(LeaseEvent.VacateAsked::new));
            case 2 -> later(0, () -> fold(new LeaseEvent.ResignAsked(nanos(world.now()))));
            case 3 -> later(0, () -> fold(new LeaseEvent.Rested(nanos(world.now()))));
            case 4 -> pausedUntil = world.now() + world.delay();
            case 5 -> later(0, this::succeed);
            case 6 -> world.restart(this);
            default -> later(0, this::work);
        }
    }

    /** Begins something that ends before the lease can. */
    private void work() {
        state.heldAt(nanos(world.now())).ifPresent(t -> {
            long most = (long) ((t.endNanos() - nanos(world.now())) / speed);
            workingUntil = Math.max(workingUntil, world.now() + (long) (world.random.nextDouble() * most));
        });
    }

    private void succeed() {
        HeldLease now = state.heldAt(nanos(world.now())).orElse(null);
        if (now == null) {
            return;
        }
        long begun = nanos(world.now());
        world.at(world.now() + world.delay(), () -> {
            if (world.row.isOf(now.lease())) {
                Lease next = world.row.take(name);
                later(world.delay(), () -> {
                    fold(new LeaseEvent.Succeeded(now.lease(), next, begun, nanos(world.now())));
                    fold(new LeaseEvent.Announced(nanos(world.now())));
                });
            }
        });
    }

    boolean isClosed() {
        return state.closed();
    }

    void close() {
        world.tell(name + " is closed");
        fold(new LeaseEvent.CloseAsked(nanos(world.now())));
    }

    void vanish() {
        world.tell(name + " vanishes");
        vanished = true;
        workingUntil = Math.min(workingUntil, world.now());
    }
}
