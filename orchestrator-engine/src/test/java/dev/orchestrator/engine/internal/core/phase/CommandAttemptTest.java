package dev.orchestrator.engine.internal.core.phase;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.internal.core.procedure.Before;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandAttemptTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Moment at(long nanos) {
        return new Moment(NOW.plusNanos(nanos), nanos);
    }

    /** Its source has purged what it needs: it starts, and stops at once. */
    @Test
    void aReceiverThatStopsAgainSaysWhy() {
        Fleet fleet = new FleetBuilder(NOW)
                .primary("p")
                .replica("r1", "p")
                .with(m -> m.receiver(ReplicationThreadState.STOPPED), "r1")
                .with(m -> m.channel(c -> c.lastReceiverErrno(13114).lastReceiverError("purged binary logs")), "r1")
                .build();
        Terms terms = new Terms(
                key("p"),
                List.of(key("r1")),
                List.of(),
                Map.of(),
                Map.of(),
                null,
                false,
                false,
                Before.of(fleet, List.of(key("r1"))),
                OrchestratorConfig.builder().build());
        Instance replica = fleet.instance(key("r1")).orElseThrow();
        Effect.Run start = TimedCommands.run("repoint", replica, new InstanceCommand.StartReceiver(""));
        State state = State.begin(terms, fleet, null, at(0))
                .fold(new Event.StepBegun(start, at(1)))
                .fold(new Event.StepEnded(start, StepResult.DONE, at(2)))
                .fold(new Event.ReadBegun(key("r1"), at(3)))
                .fold(new Event.ReadEnded(key("r1"), fleet.member(key("r1")).orElseThrow(), 3, at(4)));
        assertThat(CommandAttempt.once(state, start).failed()).contains("stopped again, 13114 purged binary logs");
    }
}
