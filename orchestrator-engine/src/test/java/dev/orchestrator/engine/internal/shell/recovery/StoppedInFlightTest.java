package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.operation.ServerResult;
import dev.orchestrator.api.operation.WriteOperation.SetReadOnly;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.operation.OperationContext;
import dev.orchestrator.engine.internal.core.operation.OperationProcedures;
import dev.orchestrator.engine.internal.core.operation.PlannedOperation;
import dev.orchestrator.engine.internal.core.operation.ServerResults;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepRows;
import dev.orchestrator.engine.internal.shell.execution.ProcedureRunner;
import dev.orchestrator.engine.internal.shell.execution.RecordPort;
import dev.orchestrator.engine.internal.shell.schedule.Clocks;
import dev.orchestrator.spi.Ticker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server was told when its change was stopped is carried out all the same: its end belongs to the outcome. */
@Timeout(30)
class StoppedInFlightTest {
    private final ScriptedFleet servers = new ScriptedFleet(1);
    private final Map<Integer, RecoveryStepRecord> rows = new ConcurrentSkipListMap<>();

    private ProcedureRunner runner(Executor threads) {
        return new ProcedureRunner(new ProcedureRunner.Links(
                servers::command,
                servers::refresh,
                new HeldLocks(),
                RecordPort.NONE,
                new StepRows("u", 0),
                row -> rows.put(row.number(), row),
                (what, state) -> {},
                phase -> {},
                threads,
                new Clocks(InstantSource.system(), InstantSource.system(), Ticker.system())));
    }

    private State makeReadOnly(ProcedureRunner runner) {
        OperationBinding.Direct order = (OperationBinding.Direct) OperationProcedures.of(new SetReadOnly(key(1)));
        PlannedOperation.Work work = Objects.requireNonNull(order.proposal()
                .apply(new OperationContext(
                        servers.current(), OrchestratorConfig.builder().build(), List.of(), "ann"))
                .work());
        Moment now = new Moment(Instant.now(), Ticker.system().nanos());
        return runner.run(work.procedure(), State.begin(work.terms(), servers.current(), null, now));
    }

    @Test
    void whatAServerWasToldAndHasDoneIsSaidThoughTheOrderWasCancelled() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        servers.beforeCommand((key, command) -> {
            told.countDown();
            try {
                assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        ProcedureRunner runner = runner(ForkJoinPool.commonPool());
        CompletableFuture<State> run =
                CompletableFuture.supplyAsync(() -> makeReadOnly(runner), task -> new Thread(task).start());
        told.await();
        runner.stop("it was cancelled", outcome -> cancelled.countDown());
        State end = run.get(20, TimeUnit.SECONDS);

        assertThat(servers.server(1).readOnly).isTrue();
        assertThat(end.end()).isEqualTo(Effect.End.GIVEN_UP);
        assertThat(ServerResults.of(end)).singleElement().satisfies(r -> {
            assertThat(r.ending()).isEqualTo(ServerResult.Ending.FAILED);
            assertThat(r.done()).isNotEmpty();
            assertThat(r.describe()).contains("has done").contains("it was cancelled");
        });
        assertThat(rows.values())
                .extracting(RecoveryStepRecord::state)
                .contains(RecoveryStepRecord.State.DONE)
                .doesNotContain(RecoveryStepRecord.State.RUNNING);
    }

    @Test
    void whoCannotSendAnythingAnyMoreHasNoRightToAnEnd() {
        State end = makeReadOnly(runner(task -> {
            throw new RejectedExecutionException("closed");
        }));
        assertThat(end.end()).isEqualTo(Effect.End.ABANDONED);
        assertThat(end.rightLost()).contains("closed");
    }
}
