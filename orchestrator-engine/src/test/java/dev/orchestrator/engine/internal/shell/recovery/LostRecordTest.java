package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The backend fails over to a replica that lacks what was written last: the record, and the fence, of what is under way. */
@Timeout(60)
class LostRecordTest {
    private final RecoveryWorld world = new RecoveryWorld(3);
    private boolean lost;

    @AfterEach
    void close() {
        world.close();
    }

    private RecoveryRecord recovered(InstanceKey at, Predicate<InstanceCommand> after) {
        world.servers.afterCommand((key, command) -> {
            if (!lost && key.equals(at) && after.test(command)) {
                lost = true;
                world.backend.loseRecoveries();
            }
        });
        world.servers.killPrimary();
        world.report();
        return world.awaitEnd();
    }

    @Test
    void whatIsLostAfterThePromotionIsWrittenAgainWithItsEndAndItsFence() {
        RecoveryRecord record = recovered(key(2), new InstanceCommand.SetReadOnly(false)::equals);

        assertThat(lost).isTrue();
        assertThat(record.successful()).isTrue();
        assertThat(record.successor()).isEqualTo(key(2));
        assertThat(world.backend.fences().standing())
                .extracting(Fence::instance)
                .containsExactly(key(1));
    }

    @Test
    void whatIsLostBeforeTheSuccessorIsNamedIsWrittenAgainWithTheName() {
        RecoveryRecord record = recovered(key(2), InstanceCommand.StopReceiver.class::isInstance);

        assertThat(lost).isTrue();
        assertThat(record.successful()).isTrue();
        assertThat(record.successor()).isEqualTo(key(2));
        assertThat(world.servers.server(2).readOnly).isFalse();
        assertThat(world.backend.fences().standing())
                .extracting(Fence::instance)
                .containsExactly(key(1));
    }
}
