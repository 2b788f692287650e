package dev.orchestrator.jooq;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.spi.Right;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of all stores have in common: a fresh backend for each test. */
abstract class StoreContract {
    static final InstanceKey DB1 = new InstanceKey("db1", 3306);
    static final InstanceKey DB2 = new InstanceKey("db2", 3306);
    static final InstanceKey DB3 = new InstanceKey("::1", 3307);
    static final Actor ANNE = new Actor("anne", Origin.CLI, "node-1");
    static final Actor BOB = new Actor("bob", Origin.HTTP, "node-2");
    /** Text as people and attackers write it: quotes, newlines, emoji, more than 10 kB. */
    static final String WILD =
            "it's \"quoted\"; DROP TABLE orc_lease; -- \\ \n\t{}?:1 \uD83D\uDE00 \u00e4\u00f6\u00fc ".repeat(200);

    private final Supplier<TestBackend> kind;
    protected TestBackend place;
    protected JooqBackend backend;
    private long written;

    StoreContract(Supplier<TestBackend> kind) {
        this.kind = kind;
    }

    @BeforeEach
    void openBackend() {
        place = kind.get();
        backend = place.open();
    }

    /** Writes the next state of a recovery. */
    boolean update(RecoveryRecord recovery, Right right) {
        written++;
        return backend.recoveries().update(recovery.toBuilder().version(written).build(), right);
    }

    @AfterEach
    void closeBackend() {
        backend.close();
        place.close();
    }
}
