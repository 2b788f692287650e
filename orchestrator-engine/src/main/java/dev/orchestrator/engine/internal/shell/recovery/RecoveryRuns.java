package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepRows;
import dev.orchestrator.engine.internal.core.recovery.Abandonment;
import dev.orchestrator.engine.internal.core.recovery.Records;
import dev.orchestrator.engine.internal.core.recovery.Undertaking;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.execution.ProcedureRunner;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.execution.RunRegistry;
import dev.orchestrator.engine.internal.shell.fencing.Fences;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs procedures that keep a record: from the registered record to its end, with all who are told of it. Thread-safe.
 */
final class RecoveryRuns {
    private static final Logger log = LoggerFactory.getLogger(RecoveryRuns.class);
    private static final Duration JOURNAL = Duration.ofSeconds(1);

    private final RecoveryPorts ports;
    private final RecoveryStores stores;
    private final Tools tools;
    private final RecoveryMode mode;
    /** Those whose right was lost on the way, until they are gone on with here or somebody else ends them. */
    private final Set<String> abandoned;

    /** What outlives a single recovery. */
    record Tools(StepJournal journal, Fences fences, LatestRecords records, Sleeper sleeper, Executor threads) {}

    /**
     * How a run ended.
     *
     * @param record as it is then
     * @param state all that the procedure knew at its end
     * @param steps what was done, in order
     */
    record Ended(RecoveryRecord record, State state, List<RecoveryStepRecord> steps) {}

    RecoveryRuns(RecoveryPorts ports, RecoveryStores stores, Tools tools) {
        this(ports, stores, tools, RecoveryMode.USUAL, ConcurrentHashMap.newKeySet());
    }

    private RecoveryRuns(
            RecoveryPorts ports, RecoveryStores stores, Tools tools, RecoveryMode mode, Set<String> abandoned) {
        this.ports = ports;
        this.stores = stores;
        this.tools = tools;
        this.mode = mode;
        this.abandoned = abandoned;
    }

    /** The same for one recovery that has to do without the backend. */
    RecoveryRuns offline(RecoveryStores offline, StepJournal steps, Fences fences, RecoveryMode away) {
        Tools other = new Tools(steps, fences, tools.records(), tools.sleeper(), tools.threads());
        return new RecoveryRuns(ports, offline, other, away, abandoned);
    }

    /** Whether a recovery was run by this process, which lost its right on the way. */
    boolean wasAbandoned(String uid) {
        return abandoned.contains(uid);
    }

    boolean anyAbandoned() {
        return !abandoned.isEmpty();
    }

    /** What somebody else has ended since is nobody's business here. */
    void forgetAbandonedExcept(List<RecoveryRecord> active) {
        abandoned.retainAll(active.stream().map(RecoveryRecord::uid).toList());
    }

    /** Who begins a recovery, here and now. */
    Records.Beginning beginning(String uid, Actor actor, long epoch) {
        return new Records.Beginning(
                uid,
                actor,
                ports.node(),
                ports.nodeToken(),
                epoch,
                ports.clocks().instant());
    }

    /** A recovery begins. */
    void tellBegin(RecoveryRecord record) {
        log.atWarn()
                .addKeyValue("cluster", record.clusterAlias())
                .addKeyValue("instance", record.failed())
                .addKeyValue("analysis", record.analysis())
                .addKeyValue("recovery", record.uid())
                .addKeyValue("actor", record.actor())
                .log("recovery begins");
        publish(at -> new OrchestratorEvent.RecoveryStarted(at, record));
        audit(record, "begins: " + record.type().reason(record.analysis()));
        if (record.epoch() == 0) {
            Acknowledging.former(ports.recoveries(), record);
        }
    }

    /**
     * Runs it to its end.
     *
     * @param what what is run
     * @param right by what right
     * @param running told of its phases; asks it to stop
     * @return how it ended
     */
    Ended run(Undertaking what, Authority right, RunRegistry.Run running) {
        String uid = what.record().uid();
        if (what.terms().resumed()) {
            // Who listens here has not heard of it yet.
            publish(at -> new OrchestratorEvent.RecoveryStarted(at, what.record()));
        }
        RecoveryRecordWriter keeper =
                new RecoveryRecordWriter(stores, tools.fences(), right, tools.threads(), what.record());
        tools.records().add(keeper);
        Steps steps = new Steps(uid, what.lastStep());
        if (!mode.remark().isEmpty()) {
            steps.note("decide", what.terms().primary(), mode.remark());
        }
        ProcedureRunner runner = new ProcedureRunner(links(right, running, keeper, steps));
        abandoned.remove(uid);
        running.controlledBy(runner);
        State last = runner.run(what.procedure(), what.begin(now()));
        tools.fences().withdraw(right);
        return new Ended(end(keeper, last), last, List.copyOf(steps.all.values()));
    }

    /** The rows of one run, told and kept for its outcome. */
    private final class Steps implements Consumer<RecoveryStepRecord> {
        private final StepRows rows;
        private final Map<Integer, RecoveryStepRecord> all = new ConcurrentSkipListMap<>();

        Steps(String uid, int last) {
            this.rows = new StepRows(uid, last);
        }

        void note(String phase, InstanceKey server, String text) {
            accept(rows.note(new Effect.Note(phase, server, text), now()));
        }

        @Override
        public void accept(RecoveryStepRecord step) {
            all.put(step.number(), step);
            tools.journal().save(step);
            publish(at -> new OrchestratorEvent.RecoveryStepped(at, step));
        }
    }

    private void publish(Function<Instant, OrchestratorEvent> event) {
        ports.events().publish(event.apply(ports.clocks().instant()));
    }

    private Moment now() {
        return ports.clocks().now();
    }

    private ProcedureRunner.Links links(
            Authority right, RunRegistry.Run running, RecoveryRecordWriter keeper, Steps steps) {
        return new ProcedureRunner.Links(
                ports.gateway()::command,
                ports.fleet()::refresh,
                right,
                keeper,
                steps.rows,
                steps,
                (what, state) -> tell(what, state, right, keeper, steps),
                running::phase,
                tools.threads(),
                ports.clocks());
    }

    private void tell(Announcement what, State now, Authority right, RecoveryRecordWriter keeper, Steps steps) {
        keeper.take(now.record());
        what.match(new Announcement.Cases<Runnable>() {
                    @Override
                    public Runnable promoted(Announcement.Promoted it) {
                        return () -> RecoveryRuns.this.promoted(it.primary(), keeper, steps);
                    }

                    @Override
                    public Runnable fenced(Announcement.Fenced it) {
                        return () -> tools.fences().enforce(it.fence(), right);
                    }

                    @Override
                    public Runnable lifted(Announcement.Lifted it) {
                        return () -> tools.fences().lift(it.fence(), right, it.why());
                    }

                    @Override
                    public Runnable compared(Announcement.Compared it) {
                        return () -> RecoveryRuns.this.compared(it, right);
                    }
                })
                .run();
    }

    /** What cannot be written now, whoever carries out the fence finds out again. */
    private void compared(Announcement.Compared it, Authority right) {
        FenceState state = it.clean() ? FenceState.CLEAN : FenceState.AHEAD;
        try {
            stores.update(it.fence(), state, it.words(), right.right());
        } catch (OrchestratorException e) {
            log.atWarn()
                    .addKeyValue("instance", it.fence().instance())
                    .setCause(e)
                    .log("what the former primary holds alone cannot be written down yet");
        }
    }

    /** Writers need not wait for replicas. */
    private void promoted(Instance primary, RecoveryRecordWriter keeper, Steps steps) {
        ports.fleet().became(primary);
        RecoveryRecord record = keeper.current();
        boolean successor = primary.key().equals(record.successor());
        mode.promoted().accept(primary);
        publish(at ->
                new OrchestratorEvent.PrimaryPromoted(at, successor ? record : Records.fallenBack(record, primary)));
        steps.note("publish", primary.key(), "listeners are told");
        if (successor) {
            new FirstWriteWatch(ports.fleet()::refresh, ports.clocks(), tools.sleeper(), tools.threads())
                    .watch(primary, keeper);
        }
    }

    /** Writes and tells the end, unless the right to act is gone: then the recovery is somebody else's. */
    private RecoveryRecord end(RecoveryRecordWriter keeper, State state) {
        keeper.take(state.record());
        if (state.end() == Effect.End.ABANDONED) {
            abandoned.add(state.record().uid());
            return abandoned(keeper.current(), state);
        }
        RecoveryRecord ended = keeper.take(Records.ended(state, ports.clocks().instant()));
        String what = Records.result(ended);
        audit(ended, what);
        boolean written = keeper.saveEnd(tools.sleeper());
        tools.journal().flush(JOURNAL);
        publish(at -> new OrchestratorEvent.RecoveryEnded(at, ended));
        log.atWarn()
                .addKeyValue("cluster", ended.clusterAlias())
                .addKeyValue("instance", ended.failed())
                .addKeyValue("recovery", ended.uid())
                .addKeyValue("successful", ended.successful())
                .log("recovery {}", what);
        return written ? ended : Records.unwritten(ended);
    }

    /** Nothing is written any more; for who ordered it and for listeners of this node it is over, and failed. */
    private RecoveryRecord abandoned(RecoveryRecord record, State state) {
        RecoveryRecord told = Abandonment.told(record, state);
        String why = told.errors().get(told.errors().size() - 1);
        audit(told, "left under way: " + why);
        log.atError().addKeyValue("recovery", told.uid()).log(why);
        // That its record has no end tells them that somebody goes on.
        publish(at -> new OrchestratorEvent.RecoveryEnded(at, told));
        return told;
    }

    private void audit(RecoveryRecord record, String message) {
        ports.audit().record(Records.audited(record, record.failed(), record.actor(), " " + message));
    }
}
