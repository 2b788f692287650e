package dev.orchestrator.simulation.node;

import dev.orchestrator.engine.internal.core.leader.LeaseEffect;
import dev.orchestrator.engine.internal.core.leader.LeaseEvent;
import dev.orchestrator.engine.internal.core.leader.LeaseSettings;
import dev.orchestrator.engine.internal.core.leader.LeaseState;
import dev.orchestrator.simulation.backend.Rows;
import dev.orchestrator.simulation.backend.SimulatedBackend;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.spi.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Stands for the lease as the engine's own state machine says, against the simulated backend. Not thread-safe. */
final class SimulatedLeadership implements LeaseEffect.Cases<Boolean> {
    private static final String NAME = "leader";
    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration RENEW = Duration.ofSeconds(1);

    private final NodeProcess process;
    private final SimulatedBackend backend;
    private final Dice dice;
    private final Runnable begins;
    private LeaseState state;
    private long told;

    SimulatedLeadership(NodeProcess process, SimulatedBackend backend, Dice dice, Runnable begins) {
        this.process = process;
        this.backend = backend;
        this.dice = dice;
        this.begins = begins;
        this.state = LeaseState.begin(new LeaseSettings(NAME, process.name(), TTL, RENEW, true), false);
    }

    Optional<Lease> lease() {
        return state.heldAt(process.nanos()).map(t -> t.lease());
    }

    /** Until when it is certainly held, by this node's clock. */
    OptionalLong until() {
        return state.heldAt(process.nanos())
                .map(t -> OptionalLong.of(t.endNanos()))
                .orElseGet(OptionalLong::empty);
    }

    /** Until when, of one lease only: a later one of the same node is another right. */
    OptionalLong until(Lease one) {
        return state.isOf(one) ? until() : OptionalLong.empty();
    }

    void turn() {
        fold(new LeaseEvent.TurnDue(process.nanos()));
        goOn();
    }

    private void fold(LeaseEvent event) {
        state = state.fold(event);
        long epoch = lease().map(Lease::epoch).orElse(0L);
        if (epoch != told) {
            told = epoch;
            if (epoch != 0) {
                begins.run();
            }
        }
    }

    private void goOn() {
        Optional<LeaseEffect> asked = state.asks();
        if (asked.isPresent()) {
            asked.get().match(this);
            return;
        }
        double spread = 0.75 + dice.number(50) / 100.0;
        process.in(state.untilNextTurn(process.nanos(), spread), this::turn);
    }

    private <T> boolean ask(Function<Rows, T> statement, Function<T, LeaseEvent> answer) {
        backend.<T>call(
                process.name(),
                statement,
                told -> process.happen(() -> {
                    fold(told.map(answer).orElseGet(() -> new LeaseEvent.Failed(process.nanos())));
                    goOn();
                }));
        return true;
    }

    @Override
    public Boolean acquire(LeaseEffect.Acquire it) {
        long begun = process.nanos();
        return ask(
                rows -> rows.acquire(NAME, process.name(), backend.now(), TTL),
                lease -> new LeaseEvent.Acquired(lease, begun, process.nanos()));
    }

    @Override
    public Boolean renew(LeaseEffect.Renew it) {
        long begun = process.nanos();
        return ask(
                rows -> rows.renew(it.lease(), backend.now()),
                held -> new LeaseEvent.Renewed(it.lease(), held, begun, process.nanos()));
    }

    @Override
    public Boolean seize(LeaseEffect.Seize it) {
        long begun = process.nanos();
        return ask(
                rows -> rows.seize(NAME, process.name(), backend.now(), TTL),
                lease -> new LeaseEvent.Seized(lease, begun, process.nanos()));
    }

    @Override
    public Boolean look(LeaseEffect.Look it) {
        return ask(
                rows -> rows.holder(backend.now()),
                lease -> new LeaseEvent.Seen(lease.map(Lease::token), process.nanos()));
    }

    @Override
    public Boolean vote(LeaseEffect.Vote it) {
        fold(new LeaseEvent.Voted(true, process.nanos()));
        goOn();
        return true;
    }

    @Override
    public Boolean release(LeaseEffect.Release it) {
        return ask(
                rows -> {
                    rows.giveUp(it.lease());
                    return List.of();
                },
                done -> new LeaseEvent.Released(it.lease(), process.nanos()));
    }

    @Override
    public Boolean awaitQuiescence(LeaseEffect.AwaitQuiescence it) {
        fold(new LeaseEvent.Quiet(it.lease(), false, process.nanos()));
        return true;
    }
}
