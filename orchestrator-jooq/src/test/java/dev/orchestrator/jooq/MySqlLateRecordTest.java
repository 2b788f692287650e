package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.spi.Right;
import dev.orchestrator.testkit.MysqldExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Statements about recoveries that wait in the server while later ones are carried out. */
class MySqlLateRecordTest {
    @RegisterExtension
    static final MysqldExtension SERVER = MysqldExtension.shared();

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Actor ANNE = new Actor("anne", Origin.CLI, "node-1");

    private MySqlTestBackend place;
    private JooqBackend backend;
    private Right right;

    @BeforeEach
    void open() {
        place = new MySqlTestBackend(SERVER.server(), SERVER.newSchema());
        backend = place.open();
        right = new Right.UnderLease(
                backend.leases().acquire("leader", "node-1", HOUR).orElseThrow());
    }

    @AfterEach
    void close() {
        backend.close();
        place.close();
    }

    private Connection holding(String statement) throws SQLException {
        Connection other = SERVER.server().dataSource(place.schema()).getConnection();
        other.setAutoCommit(false);
        try (Statement s = other.createStatement()) {
            s.execute(statement);
        }
        return other;
    }

    private void awaitWaiting() {
        await().until(() -> SERVER.server()
                        .query("SELECT trx_id FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")
                        .size()
                == 1);
    }

    private String note() {
        List<RecoveryRecord> found = backend.recoveries().find(RecoveryFilter.byUid("r1"));
        return found.get(0).lossNote();
    }

    @Test
    void aRecordThatWaitsInTheServerWhileANewerStateIsWrittenChangesNothing() throws Exception {
        RecoveryRecord begun = Samples.recovery("r1", new ClusterId("c"));
        backend.recoveries().register(begun, right);
        String token = backend.locks()
                .acquire(LockRequest.of(List.of(new InstanceKey("db1", 3306)), List.of()), ANNE, "test", HOUR)
                .token();
        RecoveryRecord older = begun.toBuilder().version(1).lossNote("older").build();
        RecoveryRecord newer = begun.toBuilder().version(2).lossNote("newer").build();
        try (Connection other = holding("SELECT * FROM orc_lease FOR UPDATE")) {
            CompletableFuture<Boolean> late =
                    CompletableFuture.supplyAsync(() -> backend.recoveries().update(older, right));
            awaitWaiting();
            Right elsewhere = new Right.UnderLock(Objects.requireNonNull(token));
            assertThat(backend.recoveries().update(newer, elsewhere)).isTrue();
            other.commit();
            assertThat(late.get(20, TimeUnit.SECONDS)).isFalse();
        }
        assertThat(note()).isEqualTo("newer");
    }

    @Test
    void anAcknowledgementThatWaitsInTheServerDoesNotCoverWhatBeginsMeanwhile() throws Exception {
        RecoveryRecord first = Samples.recovery("r1", new ClusterId("c"));
        backend.recoveries().register(first, right);
        try (Connection other = holding("SELECT * FROM orc_recovery WHERE uid = 'r1' FOR UPDATE")) {
            CompletableFuture<Integer> late = CompletableFuture.supplyAsync(
                    () -> backend.recoveries().acknowledge(RecoveryFilter.all(0, 100), ANNE, "seen"));
            awaitWaiting();
            backend.recoveries().register(Samples.recovery("r2", new ClusterId("another")), right);
            other.commit();
            assertThat(late.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        }
        assertThat(backend.recoveries().find(RecoveryFilter.byUid("r2")))
                .extracting(RecoveryRecord::acknowledged)
                .containsExactly(false);
    }
}
