package dev.orchestrator.simulation.backend;

import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.simulation.world.EventQueue;
import dev.orchestrator.simulation.world.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The backend as nodes reach it: a statement takes a network's time, may wait in a backend that stalls and be carried out
 * long after its caller gave up, and its answer may be lost after it was carried out. Not thread-safe.
 */
public final class SimulatedBackend {
    /** Its host on the network. */
    public static final String HOST = "backend";

    private static final Duration USUAL = Duration.ofMillis(2);
    private static final Duration WORST = Duration.ofMillis(120);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final EventQueue events;
    private final Dice dice;
    private final Network network;
    private final Rows rows;
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean stalled;
    private int answersToLose;

    /**
     * A backend without rows.
     *
     * @param events time
     * @param dice chance
     * @param network the way to it
     * @param fences which fences stand
     */
    public SimulatedBackend(EventQueue events, Dice dice, Network network, FenceRule fences) {
        this.events = events;
        this.dice = dice;
        this.network = network;
        this.rows = new Rows(fences);
    }

    /**
     * What is in it now.
     *
     * @return the rows
     */
    public Rows rows() {
        return rows;
    }

    /** Statements wait from now on. */
    public void stall() {
        stalled = true;
    }

    /** Statements that wait are carried out, in any order. */
    public void goOn() {
        stalled = false;
        List<Runnable> late = new ArrayList<>(waiting);
        waiting.clear();
        while (!late.isEmpty()) {
            events.in(dice.quick(USUAL, WORST), late.remove(dice.number(late.size())));
        }
    }

    /**
     * The next answers are lost; what was asked is done.
     *
     * @param count how many
     */
    public void loseAnswers(int count) {
        answersToLose = count;
    }

    /**
     * Has a statement carried out.
     *
     * @param node who asks
     * @param statement what it does with the rows at the backend's time
     * @param told its answer, or empty when none came in time
     * @param <T> what it answers
     */
    public <T> void call(String node, Function<Rows, T> statement, Consumer<Optional<T>> told) {
        boolean[] over = {false};
        EventQueue.Planned patience = events.in(PATIENCE, () -> {
            if (!over[0]) {
                over[0] = true;
                told.accept(Optional.empty());
            }
        });
        network.send(
                node,
                HOST,
                () -> carryOut(() -> {
                    T answer = statement.apply(rows);
                    if (answersToLose > 0) {
                        answersToLose--;
                        return;
                    }
                    network.send(HOST, node, () -> {
                        if (!over[0]) {
                            over[0] = true;
                            patience.cancel();
                            told.accept(Optional.of(answer));
                        }
                    });
                }));
    }

    private void carryOut(Runnable statement) {
        if (stalled) {
            waiting.add(statement);
        } else {
            events.in(dice.quick(USUAL, WORST), statement);
        }
    }
}
