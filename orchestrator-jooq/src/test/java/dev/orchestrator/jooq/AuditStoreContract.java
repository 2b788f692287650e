package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.AuditStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every audit trail does. */
abstract class AuditStoreContract extends StoreContract {
    private AuditStore audit;

    AuditStoreContract(Supplier<TestBackend> kind) {
        super(kind);
    }

    @BeforeEach
    void store() {
        audit = backend.audit();
    }

    private static AuditEntry entry(String type, @Nullable InstanceKey instance, String message) {
        return new AuditEntry(0, null, type, instance, "main", ANNE, message);
    }

    @Test
    void readsTheNewestFirst() {
        audit.append(List.of(entry("begin-maintenance", DB1, WILD), entry("discover", null, "all")));
        audit.append(List.of(entry("end-maintenance", DB1, "done")));
        List<AuditEntry> all = audit.read(null, 0, 10);
        assertThat(all)
                .extracting(AuditEntry::type)
                .containsExactly("end-maintenance", "discover", "begin-maintenance");
        AuditEntry first = all.get(2);
        assertThat(first.message()).isEqualTo(WILD);
        assertThat(first.actor()).isEqualTo(ANNE);
        assertThat(first.instance()).isEqualTo(DB1);
        assertThat(first.clusterName()).isEqualTo("main");
        assertThat(first.at()).isNotNull();
        assertThat(audit.read(DB1, 1, 1)).containsExactly(first);
        assertThat(audit.read(DB2, 0, 10)).isEmpty();
        assertThat(audit.read(null, 0, 0)).isEmpty();
    }

    @Test
    void removesOldEntries() {
        List<AuditEntry> many = new ArrayList<>();
        for (int i = 0; i < 1100; i++) {
            many.add(entry("t", DB1, "m" + i));
        }
        audit.append(many);
        audit.append(List.of());
        assertThat(audit.purge(Duration.ofHours(1))).isZero();
        place.execute("UPDATE orc_audit SET at = at - 3600000000");
        audit.append(List.of(entry("t", DB1, "last")));
        assertThat(audit.purge(Duration.ofMinutes(30))).isEqualTo(1100);
        assertThat(audit.read(null, 0, 10)).extracting(AuditEntry::message).containsExactly("last");
        await().until(() -> audit.purge(Duration.ZERO) == 1);
    }
}
