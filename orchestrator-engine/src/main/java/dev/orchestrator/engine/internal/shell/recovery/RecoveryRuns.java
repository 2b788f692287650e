package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepRows;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.core.recovery.Abandonment;
import dev.orchestrator.engine.internal.core.recovery.Records;
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
import org.jspecify.annotations.Nullable;
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
    private final Circumstances circumstances;
    /** Those whose right was lost on the way, until they are gone on with here or somebody else ends them. */
    private final Set<String> abandoned;

    /** What outlives a single recovery. */
    record Tools(StepJournal journal, Fences fences, LatestRecords records, Pauses pauses, Executor threads) {}

    /**
     * One run.
     *
     * @param record as it was registered, or as an interrupted recovery left it
     * @param procedure what is done
     * @param terms what it is told
     * @param fleet a picture of which its servers were just read
     * @param right by what right
     * @param running told of its phases; asks it to stop
     * @param lastStep the number of the last step that is written already
     * @param interrupted why it cannot go forward, null when it can
     */
    record Run(
            RecoveryRecord record,
            Procedure procedure,
            Terms terms,
            Fleet fleet,
            Authority right,
            RunRegistry.Run running,
            int lastStep,
            @Nullable String interrupted) {}

    /**
     * How a run ended.
     *
     * @param record as it is then
     * @param state all that the procedure knew at its end
     * @param steps what was done, in order
     */
    record Ended(RecoveryRecord record, State state, List<RecoveryStepRecord> steps) {}

    RecoveryRuns(RecoveryPorts ports, RecoveryStores stores, Tools tools) {
        this(ports, stores, tools, Circumstances.USUAL, ConcurrentHashMap.newKeySet());
    }

    private RecoveryRuns(
            RecoveryPorts ports,
            RecoveryStores stores,
            Tools tools,
            Circumstances circumstances,
            Set<String> abandoned) {
        this.ports = ports;
        this.stores = stores;
        this.tools = tools;
        this.circumstances = circumstances;
        this.abandoned = abandoned;
    }

    /** The same for one recovery that has to do without the backend. */
    RecoveryRuns offline(RecoveryStores offline, StepJournal steps, Fences fences, Circumstances away) {
        Tools other = new Tools(steps, fences, tools.records(), tools.pauses(), tools.threads());
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

    /** Runs it to its end. */
    Ended run(Run run) {
        String uid = run.record().uid();
        if (run.terms().resumed()) {
            // Who listens here has not heard of it yet.
            publish(at -> new OrchestratorEvent.RecoveryStarted(at, run.record()));
        }
        RecordKeeper keeper =
                new RecordKeeper(stores::update, stores::find, run.right().right(), run.record());
        tools.records().add(keeper);
        Steps steps = new Steps(uid, run.lastStep());
        if (!circumstances.remark().isEmpty()) {
            steps.note("decide", run.terms().primary(), circumstances.remark());
        }
        ProcedureRunner runner = new ProcedureRunner(links(run, keeper, steps));
        abandoned.remove(uid);
        run.running().controlledBy(runner);
        State last = runner.run(run.procedure(), begin(run));
        return new Ended(end(run, keeper, last), last, List.copyOf(steps.all.values()));
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

    private State begin(Run run) {
        Moment now = now();
        State state = run.terms().resumed()
                ? State.resumed(run.terms(), run.fleet(), run.record(), now)
                : State.begin(run.terms(), run.fleet(), run.record(), now);
        String interrupted = run.interrupted();
        return interrupted == null ? state : state.fold(new Event.Decided(new Fact.GivenUp(interrupted), now));
    }

    private ProcedureRunner.Links links(Run run, RecordKeeper keeper, Steps steps) {
        return new ProcedureRunner.Links(
                ports.gateway()::command,
                ports.fleet()::refresh,
                run.right(),
                new RecordWriter(keeper, stores::add, tools.fences(), run.right(), tools.threads()),
                steps.rows,
                steps,
                (what, state) -> tell(what, state, run.right(), keeper, steps),
                run.running()::phase,
                tools.threads(),
                ports.clocks());
    }

    private void tell(Announcement what, State now, Authority right, RecordKeeper keeper, Steps steps) {
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
    private void promoted(Instance primary, RecordKeeper keeper, Steps steps) {
        RecoveryRecord record = keeper.current();
        boolean successor = primary.key().equals(record.successor());
        circumstances.promoted().accept(primary);
        publish(at ->
                new OrchestratorEvent.PrimaryPromoted(at, successor ? record : Records.fallenBack(record, primary)));
        steps.note("publish", primary.key(), "listeners are told");
        if (successor) {
            new FirstWriteWatch(ports.fleet()::refresh, ports.clocks(), tools.pauses(), tools.threads())
                    .watch(primary, keeper);
        }
    }

    /** Writes and tells the end, unless the right to act is gone: then the recovery is somebody else's. */
    private RecoveryRecord end(Run run, RecordKeeper keeper, State state) {
        keeper.take(state.record());
        if (state.end() == Effect.End.ABANDONED) {
            abandoned.add(run.record().uid());
            return abandoned(keeper.current(), state);
        }
        RecoveryRecord ended = keeper.take(Records.ended(state, ports.clocks().instant()));
        String what = Records.result(ended);
        audit(ended, what);
        boolean written = keeper.saveEnd(tools.pauses());
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
