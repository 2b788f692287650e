package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeoverAuto;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.api.recovery.RecoveryRequest;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.operation.OperationProcedures;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An order loses its locks half way: it has failed, and says what it reached and that nobody needs to do anything. */
@Timeout(30)
class LeftUnderWayTest {
    private final RecoveryWorld world = new RecoveryWorld(3);

    @AfterEach
    void close() {
        world.close();
    }

    private void loseTheLocksAt(Predicate<InstanceCommand> which) {
        world.servers.afterCommand((key, command) -> {
            if (which.test(command)) {
                world.locks.close();
            }
        });
    }

    private OperationOutcome handOver() {
        OperationBinding binding = OperationProcedures.of(new GracefulTakeoverAuto(key(1), key(2)));
        return world.coordinator.takeOver((OperationBinding.Switchover) binding, RecoveryWorld.OPERATOR);
    }

    @Test
    void aSwitchoverThatHasPromotedIsNoSuccess() {
        loseTheLocksAt(c -> c instanceof InstanceCommand.Repoint);
        OperationOutcome outcome = handOver();

        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.problem())
                .contains("the right to act is gone", "db2:3306 is writable", "do nothing by hand");
        assertThat(outcome.recovery()).satisfies(r -> {
            assertThat(r.successful()).isFalse();
            assertThat(r.isActive()).isTrue();
        });
        assertThat(world.record().isActive()).isTrue();
        assertThat(world.record().errors()).as("what the next leader finds").isEmpty();
        assertThat(world.audit).anyMatch(e -> e.message().contains("left under way: the right to act is gone"));
    }

    @Test
    void aSwitchoverThatHasDemotedSaysSo() {
        loseTheLocksAt(c -> c.equals(new InstanceCommand.SetReadOnly(true)));
        assertThat(handOver().problem())
                .contains("the right to act is gone", "nobody was promoted", "db1:3306 may be read-only");
    }

    @Test
    void aRecoveryWhoseSuccessorIsNotProvenYetSaysWhoMayBeWritable() {
        world.servers.killPrimary();
        loseTheLocksAt(c -> c.equals(new InstanceCommand.SetReadOnly(false)));
        RecoveryOutcome outcome = world.coordinator.recover(new RecoveryRequest(key(1), null, RecoveryWorld.OPERATOR));

        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.abandoned()).isTrue();
        assertThat(outcome.problem())
                .contains("left under way", "the right to act is gone", "db2:3306 is to take over and may be writable")
                .doesNotContain("no instance promoted");
    }
}
