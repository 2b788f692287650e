package dev.orchestrator.engine.internal.shell.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.internal.core.phase.OrderedCommands;
import dev.orchestrator.engine.internal.core.phase.ReadBack;
import dev.orchestrator.engine.internal.core.procedure.Before;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepRows;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.shell.schedule.Clocks;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the runner makes of readings that fail before any server was asked. */
class ProcedureRunnerTest {
    private static final InstanceKey SERVER = FleetBuilder.key("db1");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    /** The command is answered with success, and does nothing. */
    private State makeReadOnly(ProcedureRunner.Readings readings) {
        Fleet fleet = writable();
        List<Phase> phases = List.of(
                new OrderedCommands(
                        "close", SERVER, List.of(new InstanceCommand.SetReadOnly(true)), Duration.ofSeconds(1)),
                new ReadBack(SERVER, now -> now.isWritable() ? "it is writable" : ""));
        State begin = State.begin(terms(fleet), fleet, null, new Moment(NOW, System.nanoTime()));
        ProcedureRunner runner = new ProcedureRunner(new ProcedureRunner.Links(
                (key, guard, command, timeout) -> true,
                readings,
                forever(),
                RecordPort.NONE,
                new StepRows("", 0),
                row -> {},
                Announcer.NOBODY,
                phase -> {},
                threads,
                new Clocks(() -> NOW, () -> NOW, System::nanoTime)));
        return runner.run(new Procedure("make it read-only", phases, List.of()), begin);
    }

    private static Terms terms(Fleet fleet) {
        return new Terms(
                SERVER,
                List.of(SERVER),
                List.of(),
                Map.of(),
                Map.of(),
                null,
                false,
                false,
                Before.of(fleet, List.of(SERVER)),
                OrchestratorConfig.builder().build());
    }

    private static Fleet writable() {
        return new FleetBuilder(NOW.plusSeconds(1)).primary("db1").build();
    }

    private static Authority forever() {
        return new Authority() {
            @Override
            public long check() {
                return System.nanoTime() + Duration.ofMinutes(1).toNanos();
            }

            @Override
            public Right right() {
                return new Right.OfJournal("");
            }
        };
    }

    private Fleet fails(Collection<InstanceKey> keys, Duration patience) {
        asked.incrementAndGet();
        throw new IllegalStateException("the backend is away");
    }

    @Test
    void aReadingThatCouldNotBeMadeProvesNothing() {
        State end = makeReadOnly(this::fails);
        assertThat(end.end()).isEqualTo(Effect.End.GIVEN_UP);
        assertThat(end.memory().givenUp()).contains("does not answer");
        assertThat(asked).hasValueGreaterThan(1);
    }

    @Test
    void theNextReadingCounts() {
        State end = makeReadOnly((keys, patience) -> asked.get() == 0 ? fails(keys, patience) : writable());
        assertThat(end.end()).isEqualTo(Effect.End.GIVEN_UP);
        assertThat(end.memory().givenUp()).contains("it is writable");
    }
}
