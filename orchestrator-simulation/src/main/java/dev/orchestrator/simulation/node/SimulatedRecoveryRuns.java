package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.record.DataLoss;
import dev.orchestrator.engine.internal.core.recovery.Records;
import dev.orchestrator.engine.internal.core.recovery.Undertaking;
import dev.orchestrator.simulation.backend.Rows;
import dev.orchestrator.spi.RecoveryStore.Registration;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The procedures of one service that keep a record: from the registered record to its end. Not thread-safe. */
final class SimulatedRecoveryRuns {
    private static final int END_ATTEMPTS = 5;

    private final SimulatedService node;
    private final NodeProcess process;
    private final Set<String> running = new HashSet<>();
    private final Set<String> abandoned = new HashSet<>();
    // Of those that run: the version of the state that was written last, and what was found out late.
    private final Map<String, Long> versions = new HashMap<>();
    private final Map<String, UnaryOperator<RecoveryRecord>> late = new HashMap<>();
    // How often the backend had lost the record, and the fences that belong to it.
    private final Map<String, Integer> lost = new HashMap<>();
    private final Map<String, Map<String, Fence>> written = new HashMap<>();

    SimulatedRecoveryRuns(SimulatedService node) {
        this.node = node;
        this.process = node.process();
    }

    /** Who begins a recovery, here and now. */
    Records.Beginning beginning(String uid, Actor actor, long epoch) {
        return new Records.Beginning(
                uid, actor, process.name(), process.name(), epoch, process.now().at());
    }

    boolean isRunning(String uid) {
        return running.contains(uid);
    }

    boolean wasAbandoned(String uid) {
        return abandoned.contains(uid);
    }

    void run(Undertaking what, SimulatedAuthority authority, Consumer<RecoveryRecord> then) {
        RecoveryRecord record = what.record();
        boolean resumed = what.terms().resumed();
        String type = record.type().name() + (resumed ? " resumed" : "");
        node.world().watcher().began(node, record, resumed);
        ProcedureRun.Links links = new ProcedureRun.Links(
                node.gateway(),
                node::read,
                authority,
                new Writing(authority),
                said -> tell(said, authority),
                (effect, before) -> node.world().watcher().effect(node, type, effect, before));
        running.add(record.uid());
        abandoned.remove(record.uid());
        versions.put(record.uid(), record.version());
        Procedure procedure = node.world().engine().procedure().apply(what.procedure());
        ProcedureRun run = new ProcedureRun(process, links, procedure, what.begin(process.now()), state -> {
            node.world().watcher().ended(node, state);
            Consumer<RecoveryRecord> over = ended -> {
                running.remove(record.uid());
                node.underWay().end(record.uid());
                then.accept(ended);
            };
            node.fencing().withdraw(authority, () -> end(state, authority.right(), 1, over));
        });
        node.underWay().begin(record.uid(), type, run);
        run.begin();
    }

    private RecoveryRecord next(RecoveryRecord record) {
        long version = versions.merge(record.uid(), 1L, Long::sum);
        return late.getOrDefault(record.uid(), UnaryOperator.identity()).apply(record).toBuilder()
                .version(version)
                .build();
    }

    /** Completes the record of a recovery that runs here; false when it does not. */
    boolean complete(String uid, DataLoss losses, GtidSet held) {
        if (!running.contains(uid)) {
            return false;
        }
        completed(
                uid,
                r -> r.toBuilder().lostGtids(losses.beside(r.lostGtids(), held)).build());
        return true;
    }

    private void completed(String uid, UnaryOperator<RecoveryRecord> completion) {
        UnaryOperator<RecoveryRecord> before = late.getOrDefault(uid, UnaryOperator.identity());
        late.put(uid, r -> completion.apply(before.apply(r)));
    }

    private void write(RecoveryRecord state, Right right, Consumer<Optional<Boolean>> told) {
        RecoveryRecord record = next(state);
        node.write((rows, now) -> rows.update(record, right, now), answer -> {
            if (answer.isEmpty() || answer.get()) {
                told.accept(answer);
            } else {
                node.ask((rows, now) -> rows.recovery(record.uid()), stored -> {
                    if (stored.isPresent() && stored.get().isEmpty()) {
                        anew(state, right, told);
                    } else {
                        again(state, record.version(), right, stored, told);
                    }
                });
            }
        });
    }

    /** The backend has lost it: it is registered again, with its fences, and its present state follows. */
    private void anew(RecoveryRecord state, Right right, Consumer<Optional<Boolean>> told) {
        RecoveryRecord whole = next(state).toBuilder().endedAt(null).build();
        Map<String, Fence> fences = written.getOrDefault(state.uid(), Map.of());
        RecoveryRecord present = next(state);
        node.write(
                (rows, now) -> rows.register(whole, right, now).outcome() == Registration.Outcome.REGISTERED
                        && fences.values().stream().allMatch(f -> rows.addFence(f, right, now))
                        && rows.update(present, right, now),
                answer -> {
                    answer.filter(w -> w).ifPresent(w -> lost.merge(state.uid(), 1, Integer::sum));
                    told.accept(answer);
                });
    }

    /** A leader that completed the record meanwhile was quicker: ours is the later state, with that in it. */
    private void again(
            RecoveryRecord state,
            long version,
            Right right,
            Optional<Optional<RecoveryRecord>> answer,
            Consumer<Optional<Boolean>> told) {
        Optional<RecoveryRecord> stored = answer.flatMap(s -> s).filter(s -> s.version() >= version);
        if (stored.isEmpty()) {
            told.accept(answer.map(s -> false));
            return;
        }
        versions.put(state.uid(), stored.get().version());
        GtidSet found = stored.get().lostGtids();
        if (found != null) {
            completed(state.uid(), r -> {
                GtidSet known = r.lostGtids();
                return r.toBuilder()
                        .lostGtids(known == null ? found : known.union(found))
                        .build();
            });
        }
        RecoveryRecord record = next(state);
        node.write((rows, now) -> rows.update(record, right, now), told);
    }

    /** Writes the record and its fences, side by side as the engine does: one may be written and the other not. */
    private final class Writing implements ProcedureRun.Save {
        private final SimulatedAuthority authority;

        Writing(SimulatedAuthority authority) {
            this.authority = authority;
        }

        @Override
        public void save(Effect.Save save, Consumer<Event.Saving> outcome) {
            if (save.fences().isEmpty() && save.released().isEmpty()) {
                write(save.record(), authority.right(), answer -> outcome.accept(saving(answer)));
                return;
            }
            String uid = save.record().uid();
            Map<String, Fence> fences = written.computeIfAbsent(uid, u -> new TreeMap<>());
            fences.remove(save.released());
            save.fences().forEach(f -> fences.put(f.serverUuid(), f));
            int lostBefore = lost.getOrDefault(uid, 0);
            Both both = new Both(outcome, () -> lost.getOrDefault(uid, 0) != lostBefore);
            node.fencing().release(save.released());
            node.write((rows, now) -> fence(save, rows, now), answer -> both.fenced(saving(answer)));
            write(save.record(), authority.right(), answer -> both.written(saving(answer)));
        }

        private boolean fence(Effect.Save save, Rows rows, long now) {
            rows.fences().stream()
                    .filter(f -> f.serverUuid().equals(save.released()))
                    .forEach(f -> rows.release(f, authority.right(), now));
            boolean all = true;
            for (Fence fence : save.fences()) {
                all &= rows.addFence(fence, authority.right(), now);
            }
            return all;
        }

        private static Event.Saving saving(Optional<Boolean> answer) {
            return answer.map(w -> w ? Event.Saving.WRITTEN : Event.Saving.REFUSED)
                    .orElse(Event.Saving.UNKNOWN);
        }
    }

    /** What comes of two writes: known when both are. */
    private static final class Both {
        private final Consumer<Event.Saving> outcome;
        private final BooleanSupplier writtenAgain;
        private Event.@Nullable Saving fenced;
        private Event.@Nullable Saving written;

        Both(Consumer<Event.Saving> outcome, BooleanSupplier writtenAgain) {
            this.outcome = outcome;
            this.writtenAgain = writtenAgain;
        }

        void fenced(Event.Saving what) {
            fenced = what;
            tell();
        }

        void written(Event.Saving what) {
            written = what;
            tell();
        }

        private void tell() {
            if (fenced == null || written == null) {
                return;
            }
            boolean unknown = fenced == Event.Saving.UNKNOWN || written == Event.Saving.UNKNOWN;
            boolean unfenced = fenced == Event.Saving.REFUSED && !writtenAgain.getAsBoolean();
            boolean refused = unfenced || written == Event.Saving.REFUSED;
            outcome.accept(unknown ? Event.Saving.UNKNOWN : refused ? Event.Saving.REFUSED : Event.Saving.WRITTEN);
        }
    }

    private void tell(Announcement what, SimulatedAuthority authority) {
        what.match(new Announcement.Cases<Runnable>() {
                    @Override
                    public Runnable promoted(Announcement.Promoted it) {
                        return () -> SimulatedRecoveryRuns.this.promoted(it.primary());
                    }

                    @Override
                    public Runnable fenced(Announcement.Fenced it) {
                        return () -> node.fencing().enforce(it.fence(), authority);
                    }

                    @Override
                    public Runnable lifted(Announcement.Lifted it) {
                        return () -> node.fencing().lift(it.fence(), authority, it.why());
                    }

                    @Override
                    public Runnable compared(Announcement.Compared it) {
                        return () -> SimulatedRecoveryRuns.this.compared(it, authority.right());
                    }
                })
                .run();
    }

    private void promoted(Instance primary) {
        node.became(primary);
        node.world().watcher().promoted(node, primary.key());
        node.showUntilWritten(primary.key());
    }

    /** What cannot be written now, whoever carries out the fence finds out again. */
    private void compared(Announcement.Compared it, Right right) {
        FenceState state = it.clean() ? FenceState.CLEAN : FenceState.AHEAD;
        node.write((rows, now) -> rows.updateFence(it.fence(), state, it.words(), right, now), written -> {});
    }

    /** Writes the end of the record, patiently: as long as it is not written, the cluster's slot is taken. */
    private void end(State state, Right right, int attempt, Consumer<RecoveryRecord> then) {
        if (state.end() == Effect.End.ABANDONED) {
            abandoned.add(state.record().uid());
        }
        if (state.end() == Effect.End.ABANDONED || attempt > END_ATTEMPTS) {
            then.accept(state.record());
            return;
        }
        boolean successful =
                state.end() == Effect.End.SUCCEEDED && state.record().successful();
        RecoveryRecord ended = state.record().toBuilder()
                .successful(successful)
                .endedAt(process.now().at())
                .build();
        write(ended, right, answer -> {
            if (answer.isPresent()) {
                then.accept(ended);
            } else {
                process.in(Duration.ofMillis(300).multipliedBy(attempt), () -> end(state, right, attempt + 1, then));
            }
        });
    }
}
