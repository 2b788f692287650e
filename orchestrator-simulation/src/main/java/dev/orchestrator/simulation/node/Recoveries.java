package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Door;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.decision.Attempt;
import dev.orchestrator.engine.internal.core.decision.GateFacts;
import dev.orchestrator.engine.internal.core.decision.RecoveryGates;
import dev.orchestrator.engine.internal.core.decision.StandingFindings;
import dev.orchestrator.engine.internal.core.decision.Turns;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.core.recovery.Losses;
import dev.orchestrator.engine.internal.core.recovery.Records;
import dev.orchestrator.engine.internal.core.recovery.RecoveryDecision;
import dev.orchestrator.engine.internal.core.recovery.Resumption;
import dev.orchestrator.spi.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The recoveries of one service: from the finding through the gates to the end of the procedure. Not thread-safe. */
final class Recoveries {
    private static final Duration READ = Duration.ofSeconds(1);
    private static final int END_ATTEMPTS = 5;

    private final Service node;
    private final NodeProcess process;
    private final Actor actor;
    private final Turns turns = new Turns();
    private final Map<String, ProcedureRun> running = new HashMap<>();
    // Of those that run: the version of the state that was written last, and what was found out late.
    private final Map<String, Long> versions = new HashMap<>();
    private final Map<String, UnaryOperator<RecoveryRecord>> late = new HashMap<>();
    private final Set<String> registering = new HashSet<>();
    private final Set<String> resuming = new HashSet<>();
    private final StandingFindings standing;
    private int begun;

    Recoveries(Service node) {
        this.node = node;
        this.process = node.process();
        this.standing = new StandingFindings(node.config().pollInterval().multipliedBy(2));
        this.actor = new Actor("orchestrator", Door.AUTOMATIC, process.name());
    }

    void handle(List<FailureAnalysis> actionable) {
        for (FailureAnalysis finding : turns.take(actionable, process.nanos())) {
            attempt(
                    finding,
                    new Attempt(
                            finding.instance(),
                            null,
                            actor,
                            true,
                            finding,
                            process.now().at()));
        }
    }

    private void over(FailureAnalysis finding, Duration pause) {
        turns.giveBack(finding, process.nanos() + pause.toNanos());
        // What was found meanwhile is looked at again when the pause is over.
        process.in(pause, () -> node.detecting().changed(Set.of(finding.cluster())));
    }

    private void refused(FailureAnalysis finding, Decision decision) {
        node.world().watcher().refused(node, decision);
        over(finding, Turns.pauseAfter(decision.refusal()));
    }

    private void attempt(FailureAnalysis finding, Attempt attempt) {
        ask(finding.cluster(), said -> {
            if (said.isEmpty()) {
                over(finding, Turns.AFTER_REFUSAL);
                return;
            }
            List<GateVerdict> first = gates(attempt, said.get());
            if (!RecoveryGates.passed(first)) {
                refused(finding, new Decision(finding, first, null));
                return;
            }
            List<InstanceKey> anew = new ArrayList<>(terms(attempt).followers());
            anew.add(attempt.failed());
            node.refresh(anew, READ, () -> decide(finding, attempt, said.get()));
        });
    }

    private Terms terms(Attempt attempt) {
        return RecoveryDecision.terms(attempt, node.fleet(), Map.of(), Map.of(), node.config());
    }

    /** The recoveries of a cluster, the newest first. */
    private void ask(ClusterId cluster, Consumer<Optional<List<RecoveryRecord>>> told) {
        node.world()
                .backend()
                .<List<RecoveryRecord>>call(
                        process.name(),
                        rows -> {
                            List<RecoveryRecord> all = new ArrayList<>(rows.recoveries());
                            all.removeIf(r -> !r.cluster().equals(cluster));
                            Collections.reverse(all);
                            return all;
                        },
                        answer -> process.happen(() -> told.accept(answer)));
    }

    private List<GateVerdict> gates(Attempt attempt, List<RecoveryRecord> recent) {
        RecoveryType.BlockScope scope = attempt.type().blockScope();
        List<RecoveryRecord> blocking = recent.stream()
                .filter(r -> !r.isActive() && r.type().blockScope() == scope)
                .filter(r ->
                        scope != RecoveryType.BlockScope.INSTANCE || r.failed().equals(attempt.failed()))
                .toList();
        return RecoveryGates.ask(new GateFacts(
                attempt.failed(),
                attempt.finding(),
                node.fleet(),
                node.config(),
                true,
                node.leads(),
                process.now().at(),
                GateFacts.BackendFacts.of(Intents.NONE, blocking, recent, attempt.type(), attempt.failed(), null)));
    }

    /** On a fresh reading: what no longer holds is not acted on. */
    private void decide(FailureAnalysis finding, Attempt wish, List<RecoveryRecord> said) {
        Fleet fleet = node.fleet();
        Attempt attempt = wish.with(node.detecting().examine(fleet.canonical(wish.failed())));
        Terms terms = terms(attempt);
        Decision decision = RecoveryDecision.decide(
                attempt, gates(attempt, said), terms, fleet, process.now().at());
        Lease lease = node.leadership().lease().orElse(null);
        if (decision.refusal().isPresent() || lease == null) {
            refused(finding, decision);
            return;
        }
        Records.Beginning beginning = new Records.Beginning(
                process.name() + "-" + ++begun,
                actor,
                process.name(),
                lease.token(),
                lease.epoch(),
                process.now().at());
        FailureAnalysis fresh = Objects.requireNonNull(attempt.finding());
        RecoveryRecord record =
                Records.ofFailure(beginning, fresh, attempt.confirmedAt(), attempt.confirmedAt(), terms, fleet);
        register(finding, attempt, terms, fleet, record, lease);
    }

    private void register(
            FailureAnalysis finding, Attempt attempt, Terms terms, Fleet fleet, RecoveryRecord record, Lease lease) {
        registering.add(record.uid());
        node.write((rows, now) -> rows.register(record, lease, now), answer -> {
            registering.remove(record.uid());
            // Without an answer it may be registered: then it is gone on with as one that was interrupted.
            if (answer.isEmpty() || !answer.get()) {
                over(finding, Turns.AFTER_REFUSAL);
                return;
            }
            State begin = State.begin(terms, fleet, record, process.now());
            node.world().watcher().began(node, record, false);
            run(record, RecoveryDecision.procedure(attempt), begin, lease, ended -> over(finding, Turns.AFTER_REFUSAL));
        });
    }

    private void run(
            RecoveryRecord record, Procedure procedure, State begin, Lease lease, Consumer<RecoveryRecord> then) {
        String type = record.type().name();
        ProcedureRun.Links links = new ProcedureRun.Links(
                node.gateway(),
                node::read,
                () -> node.leadership().until(lease),
                new Writing(lease),
                this::tell,
                (effect, before) -> node.world().watcher().effect(node, type, effect, before));
        ProcedureRun run = new ProcedureRun(process, links, procedure, begin, state -> {
            node.world().watcher().ended(node, state);
            end(state, lease, END_ATTEMPTS, ended -> {
                running.remove(record.uid());
                then.accept(ended);
            });
        });
        running.put(record.uid(), run);
        versions.put(record.uid(), record.version());
        run.begin();
    }

    private RecoveryRecord next(RecoveryRecord record) {
        long version = versions.merge(record.uid(), 1L, Long::sum);
        return late.getOrDefault(record.uid(), UnaryOperator.identity()).apply(record).toBuilder()
                .version(version)
                .build();
    }

    /** Completes the record of a recovery that runs here; false when it does not. */
    boolean complete(String uid, Losses losses, GtidSet held) {
        if (!running.containsKey(uid)) {
            return false;
        }
        UnaryOperator<RecoveryRecord> before = late.getOrDefault(uid, UnaryOperator.identity());
        late.put(uid, r -> {
            RecoveryRecord done = before.apply(r);
            return done.toBuilder()
                    .lostGtids(losses.beside(done.lostGtids(), held))
                    .build();
        });
        return true;
    }

    /** Writes the record and its fences. */
    private final class Writing implements ProcedureRun.Save {
        private final Lease lease;

        Writing(Lease lease) {
            this.lease = lease;
        }

        @Override
        public void save(Effect.Save save, Consumer<Event.Saving> outcome) {
            if (!save.released().isEmpty()) {
                node.fencing().release(save.released());
            }
            RecoveryRecord record = next(save.record());
            node.write(
                    (rows, now) -> {
                        if (!rows.update(record, lease, now)) {
                            return false;
                        }
                        rows.fences().stream()
                                .filter(f -> f.serverUuid().equals(save.released()))
                                .forEach(f -> rows.release(f, lease, now));
                        boolean all = true;
                        for (Fence fence : save.fences()) {
                            all &= rows.addFence(fence, lease, now);
                        }
                        return all;
                    },
                    answer -> outcome.accept(answer.map(w -> w ? Event.Saving.WRITTEN : Event.Saving.REFUSED)
                            .orElse(Event.Saving.UNKNOWN)));
        }
    }

    private void tell(Announcement what) {
        what.match(new Announcement.Cases<Runnable>() {
                    @Override
                    public Runnable promoted(Announcement.Promoted it) {
                        return () -> node.world()
                                .watcher()
                                .promoted(node, it.primary().key());
                    }

                    @Override
                    public Runnable fenced(Announcement.Fenced it) {
                        return () -> node.fencing().enforce(it.fence());
                    }

                    @Override
                    public Runnable lifted(Announcement.Lifted it) {
                        return () -> node.fencing().lift(it.fence(), it.why());
                    }

                    @Override
                    public Runnable compared(Announcement.Compared it) {
                        return () -> {};
                    }
                })
                .run();
    }

    /** Writes the end of the record, patiently: as long as it is not written, the cluster's slot is taken. */
    private void end(State state, Lease lease, int attempts, Consumer<RecoveryRecord> then) {
        if (state.end() == Effect.End.ABANDONED || attempts == 0) {
            then.accept(state.record());
            return;
        }
        boolean successful =
                state.end() == Effect.End.SUCCEEDED && state.record().successful();
        RecoveryRecord ended = next(state.record().toBuilder()
                .successful(successful)
                .endedAt(process.now().at())
                .build());
        node.write((rows, now) -> rows.update(ended, lease, now), answer -> {
            if (answer.isPresent()) {
                then.accept(ended);
            } else {
                process.in(Duration.ofMillis(300), () -> end(state, lease, attempts - 1, then));
            }
        });
    }

    /** Says why nothing is done about what has stood for a while and no recovery is for. */
    void explain() {
        List<FailureAnalysis> found = node.detecting().findings();
        found.stream()
                .filter(f -> !f.warnings().isEmpty())
                .forEach(f -> node.world().watcher().warned(node, f));
        List<FailureAnalysis> due = standing.look(found, process.nanos()).due();
        for (FailureAnalysis finding : due) {
            node.fleet().cluster(finding.cluster()).ifPresent(cluster -> {
                Attempt attempt = new Attempt(
                        finding.instance(),
                        null,
                        actor,
                        true,
                        finding,
                        process.now().at());
                List<GateVerdict> verdicts = RecoveryGates.placeTaken(finding, cluster)
                        .map(List::of)
                        .orElseGet(() -> gates(attempt, List.of()));
                node.world().watcher().refused(node, new Decision(finding, verdicts, null));
            });
        }
    }

    /** Goes on with what a service that vanished left under way. */
    void tick(List<RecoveryRecord> all) {
        Lease lease = node.leadership().lease().orElse(null);
        if (lease == null) {
            return;
        }
        for (RecoveryRecord record : all) {
            boolean left =
                    record.isActive() && !running.containsKey(record.uid()) && !registering.contains(record.uid());
            if (left && resuming.add(record.uid())) {
                Resumption resumption = Resumption.of(record, List.of());
                node.refresh(List.copyOf(resumption.everybody(node.fleet())), READ, () -> goOn(resumption, lease));
            }
        }
    }

    private void goOn(Resumption left, Lease lease) {
        RecoveryRecord record = left.begin(process.name());
        Fleet fleet = node.fleet();
        if (node.leadership().until(lease).isEmpty()
                || fleet.member(record.failed()).isEmpty()) {
            resuming.remove(record.uid());
            return;
        }
        State begin = State.resumed(left.terms(fleet, Map.of(), node.config()), fleet, record, process.now());
        String interrupted = left.interrupted(process.name(), fleet);
        if (interrupted != null) {
            begin = begin.fold(new Event.Decided(new Fact.GivenUp(interrupted), process.now()));
        }
        node.world().watcher().began(node, record, true);
        run(record, left.procedure(null, node.fences()), begin, lease, ended -> {
            resuming.remove(record.uid());
            if (!ended.isActive() && !ended.successful()) {
                node.write(
                        (rows, now) -> {
                            rows.acknowledge(ended.uid());
                            return true;
                        },
                        done -> turns.forgetPauses());
            }
        });
    }
}
