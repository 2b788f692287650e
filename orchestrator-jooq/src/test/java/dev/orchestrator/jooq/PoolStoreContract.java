package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.PoolStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of pools does. */
abstract class PoolStoreContract extends StoreContract {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final InstanceKey DB1 = InstanceKey.parse("db1:3306");
    private static final InstanceKey DB2 = InstanceKey.parse("db2:3306");

    private static final String ODD = "it's \"quoted\"; -- \\ \uD83D\uDE80";

    private PoolStore pools;

    PoolStoreContract(Supplier<TestBackend> kind) {
        super(kind);
    }

    @BeforeEach
    void store() {
        pools = backend.pools();
    }

    @Test
    void aSubmissionReplacesTheMembersOfThatPoolOnly() {
        pools.replace("readers", List.of(DB1, DB2, DB1));
        pools.replace(ODD, List.of(DB1));
        assertThat(pools.pools(HOUR)).hasSize(2).containsEntry("readers", List.of(DB1, DB2));
        pools.replace("readers", List.of(DB2));
        assertThat(pools.pools(HOUR)).containsEntry("readers", List.of(DB2)).containsEntry(ODD, List.of(DB1));
        pools.replace(ODD, List.of());
        assertThat(pools.pools(HOUR)).containsOnlyKeys("readers");
    }

    @Test
    void aSubmissionRunsOut() {
        pools.replace("old", List.of(DB1, DB2));
        pools.replace("new", List.of(DB1));
        place.execute("UPDATE orc_pool SET submitted_at = submitted_at - 60000000 WHERE name = 'old'");
        assertThat(pools.pools(Duration.ofSeconds(30))).containsOnlyKeys("new");
        assertThat(pools.purge(Duration.ofSeconds(30))).isEqualTo(2);
        assertThat(pools.pools(HOUR)).containsOnlyKeys("new");
    }
}
