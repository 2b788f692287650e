package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeoverAuto;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.operation.OperationProcedures;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The backend goes away while the last server is changed: what came of the order is said all the same. */
@Timeout(60)
class BackendAwayAtTheEndTest {
    private final RecoveryWorld world = new RecoveryWorld(3);

    @AfterEach
    void close() {
        world.backend.comeBack();
        world.close();
    }

    @Test
    void whatASwitchoverReachedIsToldWithItsSteps() {
        world.servers.afterCommand((key, command) -> {
            if (key.equals(key(1)) && command instanceof InstanceCommand.AttachTo) {
                world.backend.goAway();
            }
        });
        OperationBinding binding = OperationProcedures.of(new GracefulTakeoverAuto(key(1), key(2)));
        OperationOutcome outcome =
                world.coordinator.takeOver((OperationBinding.Switchover) binding, RecoveryWorld.OPERATOR);

        assertThat(outcome.succeeded()).as(outcome.problem()).isTrue();
        assertThat(outcome.steps()).isNotEmpty();
        assertThat(outcome.recovery())
                .satisfies(r -> assertThat(r.errors())
                        .singleElement()
                        .asString()
                        .contains("this end is not in the backend", "do nothing by hand"));
        assertThat(outcome.notes()).singleElement().asString().contains("could not be acknowledged", "ack-recovery");
        assertThat(world.audit).anyMatch(e -> e.message().contains("ended: db2:3306 is the primary"));
        assertThat(world.servers.server(1).receiver).isEqualTo(ReplicationThreadState.RUNNING);
    }
}
