package dev.orchestrator.simulation.node;

import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Drives a state machine of the engine's core in virtual time, as the engine's own loop drives it in real time. Not
 * thread-safe.
 *
 * @param <S> its state
 * @param <V> what happens to it
 * @param <F> what it wants
 */
final class VirtualLoop<S, V, F> {
    private final NodeProcess process;
    private final Machine<S, V, F> machine;
    private S state;
    private boolean turning;
    private int turn;

    /**
     * A state machine, and how what it wants is carried out.
     *
     * @param fold the next state
     * @param next what is wanted
     * @param pause how long a wanted pause is, null for what is no pause
     * @param woke the event that time has gone by
     * @param begun the event that something is on its way
     * @param carryOut begins to carry out; what comes of it is posted
     */
    record Machine<S, V, F>(
            BiFunction<S, V, S> fold,
            Function<S, List<F>> next,
            Function<F, @Nullable Duration> pause,
            java.util.function.Supplier<V> woke,
            Function<F, V> begun,
            Consumer<F> carryOut) {}

    VirtualLoop(NodeProcess process, S begin, Machine<S, V, F> machine) {
        this.process = process;
        this.state = begin;
        this.machine = machine;
    }

    S state() {
        return state;
    }

    void post(V event) {
        state = machine.fold().apply(state, event);
        if (!turning) {
            turning = true;
            process.in(Duration.ZERO, this::turn);
        }
    }

    private void turn() {
        turning = false;
        Duration pause = null;
        boolean begun = false;
        for (F effect : machine.next().apply(state)) {
            Duration wanted = machine.pause().apply(effect);
            if (wanted == null) {
                state = machine.fold().apply(state, machine.begun().apply(effect));
                machine.carryOut().accept(effect);
                begun = true;
            } else if (pause == null || wanted.compareTo(pause) < 0) {
                pause = wanted;
            }
        }
        int mine = ++turn;
        if (begun && !turning) {
            turning = true;
            process.in(Duration.ZERO, this::turn);
        } else if (pause != null) {
            process.in(pause, () -> {
                if (mine == turn) {
                    post(machine.woke().get());
                }
            });
        }
    }
}
