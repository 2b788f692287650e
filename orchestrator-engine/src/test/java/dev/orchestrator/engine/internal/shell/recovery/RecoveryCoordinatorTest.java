package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.gtids;
import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.spi.IntentStore.FenceState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RecoveryCoordinatorTest {
    private RecoveryWorld world = new RecoveryWorld(3);

    @AfterEach
    void close() {
        world.close();
        assertThat(world.servers.violations()).isEmpty();
    }

    private RecoveryRecord recovered() {
        world.report();
        await().atMost(Duration.ofSeconds(15)).until(() -> world.ended().isPresent());
        return world.record();
    }

    @Test
    void replacesADeadPrimaryAndRepointsTheOthers() {
        world.servers.killPrimary();
        RecoveryRecord record = recovered();

        assertThat(record.successful()).isTrue();
        assertThat(record.successor()).isEqualTo(key(2));
        assertThat(record.errors()).isEmpty();
        assertThat(record.participants()).containsExactly(key(2), key(3), key(4));
        assertThat(record.lostReplicas()).isEmpty();
        assertThat(world.servers.server(2).readOnly).isFalse();
        assertThat(world.servers.server(2).source).isNull();
        for (int n : List.of(3, 4)) {
            assertThat(world.servers.server(n).source).isEqualTo(key(2));
            assertThat(world.servers.server(n).receiver).isEqualTo(ReplicationThreadState.RUNNING);
            assertThat(world.servers.server(n).readOnly).isTrue();
        }
        assertThat(record.gtidsAtPromotion()).isEqualTo(gtids("1-10"));
        assertThat(record.lostGtids()).isEqualTo(dev.orchestrator.api.model.GtidSet.empty());
        assertThat(world.backend.intents().read().fences())
                .singleElement()
                .satisfies(f -> assertThat(f.state()).isEqualTo(FenceState.PENDING));
        assertThat(world.backend.locks().active()).isEmpty();
    }
}
