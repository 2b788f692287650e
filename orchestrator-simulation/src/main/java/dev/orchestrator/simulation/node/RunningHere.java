package dev.orchestrator.simulation.node;

import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.simulation.backend.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The changes that one service makes: all services see them in the backend, and any of them can ask one to stop. Not
 * thread-safe.
 */
final class RunningHere {
    /** How often the service asks whether somebody wants one of its changes stopped, as the engine's registry does. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private static final String CANCELLED = "it was cancelled";

    private final SimulatedService node;
    private final Map<String, Run> here = new LinkedHashMap<>();
    private final Set<String> told = new HashSet<>();
    private boolean looking;

    /**
     * One change.
     *
     * @param procedure what it is called where its effects are told
     * @param run the run
     */
    private record Run(String procedure, ProcedureRun run) {}

    RunningHere(SimulatedService node) {
        this.node = node;
    }

    void begin(String uid, String procedure, ProcedureRun run) {
        here.put(uid, new Run(procedure, run));
        row(uid, true);
        look();
    }

    void end(String uid) {
        here.remove(uid);
        row(uid, false);
    }

    /** Rows of changes are written behind them, and nobody waits for that. */
    private void row(String uid, boolean runs) {
        rows().set(uid, node.process().name(), runs);
    }

    private Runs rows() {
        return node.world().backend().rows().runs();
    }

    /** The change that such a procedure is run for, the one that began last. */
    Optional<String> running(String procedure) {
        List<String> all = new ArrayList<>();
        here.forEach((uid, run) -> {
            if (run.procedure().equals(procedure)) {
                all.add(uid);
            }
        });
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** All changes that are made here. */
    List<String> all() {
        return List.copyOf(here.keySet());
    }

    /** Somebody orders of this service that a change shall stop, whoever makes it. */
    void cancel(String uid) {
        if (here.containsKey(uid)) {
            stop(uid);
        } else {
            node.write((rows, now) -> rows.runs().askToStop(uid), asked -> {});
        }
    }

    private void look() {
        if (looking) {
            return;
        }
        looking = true;
        node.process().in(LOOK, () -> {
            looking = false;
            if (!here.isEmpty()) {
                ask();
                look();
            }
        });
    }

    /** Where nobody wants anything stopped, that the backend is asked changes nothing. */
    private void ask() {
        String name = node.process().name();
        if (!rows().askedToStop(name).isEmpty()) {
            node.ask(
                    (rows, now) -> rows.runs().askedToStop(name),
                    asked -> asked.ifPresent(uids -> uids.forEach(this::stop)));
        }
    }

    private void stop(String uid) {
        Run run = here.get(uid);
        if (run == null || run.run().isOver() || !told.add(uid)) {
            return;
        }
        node.world().watcher().orders().asked(node, uid);
        if (!node.world().engine().heeds().test(run.run().phase())) {
            return;
        }
        run.run().stop(CANCELLED, outcome -> answered(uid, outcome));
    }

    private void answered(String uid, CancelOutcome outcome) {
        node.world().watcher().orders().answered(node, uid, outcome);
    }
}
