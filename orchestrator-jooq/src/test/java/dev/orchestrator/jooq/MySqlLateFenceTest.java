package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.spi.Right;
import dev.orchestrator.testkit.MysqldExtension;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A statement that waits in the server while the world goes on. */
class MySqlLateFenceTest {
    @RegisterExtension
    static final MysqldExtension SERVER = MysqldExtension.shared();

    private static final InstanceKey FORMER = new InstanceKey("db1", 3306);
    private static final InstanceKey NEXT = new InstanceKey("db3", 3306);

    @Test
    void aFenceThatWaitsInTheServerWhileItsRecoveryIsGivenUpIsNotWritten() throws Exception {
        try (MySqlTestBackend place = new MySqlTestBackend(SERVER.server(), SERVER.newSchema());
                JooqBackend backend = place.open()) {
            Right right = new Right.UnderLease(backend.leases()
                    .acquire("leader", "node-1", Duration.ofHours(1))
                    .orElseThrow());
            RecoveryRecord named = Samples.recovery("r1", new ClusterId("c")).toBuilder()
                    .successor(NEXT)
                    .build();
            backend.recoveries().register(named, right);
            Fence fence =
                    new Fence("uuid-1", FORMER, named.cluster(), NEXT, "r1", FenceState.PENDING, "", named.startedAt());
            try (Connection other = SERVER.server().dataSource(place.schema()).getConnection();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.executeUpdate("UPDATE orc_recovery SET active_cluster = NULL, ended_at = 1, ended_by = 'x',"
                        + " successor_hostname = NULL WHERE uid = 'r1'");
                CompletableFuture<Boolean> written =
                        CompletableFuture.supplyAsync(() -> backend.fences().add(fence, right));
                await().until(() -> SERVER.server()
                                .query("SELECT trx_id FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")
                                .size()
                        == 1);
                other.commit();
                assertThat(written.get(20, TimeUnit.SECONDS)).isFalse();
            }
            assertThat(backend.fences().standing()).isEmpty();
        }
    }
}
