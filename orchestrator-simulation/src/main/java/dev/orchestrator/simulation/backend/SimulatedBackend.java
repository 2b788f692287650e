package dev.orchestrator.simulation.backend;

import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.simulation.world.EventQueue;
import dev.orchestrator.simulation.world.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The backend as nodes reach it: a statement takes a network's time, may wait in a backend that stalls and be carried out
 * long after its caller gave up, and its answer may be lost after it was carried out. Not thread-safe.
 */
public final class SimulatedBackend {
    /** Its host on the network. */
    public static final String HOST = "backend";

    private static final Duration USUAL = Duration.ofMillis(2);
    private static final Duration WORST = Duration.ofMillis(120);
    /** Leases and locks are extended more often than that. */
    private static final Duration NOTICED = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final EventQueue events;
    private final Dice dice;
    private final Network network;
    private final Copies copies;
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean stalled;
    private boolean refusing;
    private long ahead;
    private long forgetfulUntil;
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
        this.copies = new Copies(new Rows(fences));
    }

    /**
     * What is in it now.
     *
     * @return the rows
     */
    public Rows rows() {
        return copies.current();
    }

    /**
     * What its clock shows: it may be set, forward and back.
     *
     * @return nanoseconds
     */
    public long now() {
        return events.now() + ahead;
    }

    /**
     * Its clock is set.
     *
     * @param by how far, in nanoseconds
     */
    public void setClock(long by) {
        ahead += by;
        forgetfulUntil = by > 0 ? events.now() + NOTICED.toNanos() : forgetfulUntil;
    }

    /**
     * Whether what was granted may be gone before its time, and its holder may not have noticed yet.
     *
     * @return true for some seconds after its clock was set forward, or it failed over
     */
    public boolean isForgetful() {
        return events.now() < forgetfulUntil;
    }

    /**
     * It can be read only, or written again.
     *
     * @param only whether it can be read only
     */
    public void readOnly(boolean only) {
        rows().writes().refuse(only);
    }

    /** Its process ends: connections are refused, and what waited in it is not carried out. */
    public void refuse() {
        refusing = true;
        waiting.clear();
    }

    /** It can be reached again. */
    public void accept() {
        refusing = false;
    }

    /**
     * Its replica takes over at once.
     *
     * @param lacking how much of what was written last it lacks, in nanoseconds
     * @param had records that it has all the same
     */
    public void failOver(long lacking, Predicate<RecoveryRecord> had) {
        waiting.clear();
        forgetfulUntil = events.now() + NOTICED.toNanos();
        copies.failOver(events.now() - lacking, had);
    }

    /**
     * A service is connected to what is the present server now, whoever takes over.
     *
     * @param service who
     */
    public void stay(String service) {
        copies.stay(service);
    }

    /** All services are connected to the present server. */
    public void allMove() {
        copies.allMove();
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
        EventQueue.Planned[] patience = new EventQueue.Planned[1];
        Consumer<Optional<T>> once = answer -> {
            if (!over[0]) {
                over[0] = true;
                patience[0].cancel();
                told.accept(answer);
            }
        };
        patience[0] = events.in(PATIENCE, () -> once.accept(Optional.empty()));
        network.send(node, HOST, () -> {
            if (refusing) {
                network.send(HOST, node, () -> once.accept(Optional.empty()));
            } else {
                carryOut(() -> answer(node, statement, once));
            }
        });
    }

    private <T> void answer(String node, Function<Rows, T> statement, Consumer<Optional<T>> told) {
        Optional<T> answer = carriedOut(copies.of(node), statement);
        if (answersToLose > 0) {
            answersToLose--;
        } else {
            network.send(HOST, node, () -> told.accept(answer));
        }
    }

    private <T> Optional<T> carriedOut(Rows rows, Function<Rows, T> statement) {
        long before = rows.writes().count();
        try {
            return Optional.of(statement.apply(rows));
        } catch (Writes.ReadOnly e) {
            return Optional.empty();
        } finally {
            if (rows.writes().count() != before && rows == copies.current()) {
                copies.keep(events.now());
            }
        }
    }

    private void carryOut(Runnable statement) {
        if (stalled) {
            waiting.add(statement);
        } else {
            events.in(dice.quick(USUAL, WORST), statement);
        }
    }
}
