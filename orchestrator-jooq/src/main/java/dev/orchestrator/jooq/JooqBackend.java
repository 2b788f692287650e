package dev.orchestrator.jooq;

import static java.util.Objects.requireNonNull;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.jooq.internal.connect.BackendOpener;
import dev.orchestrator.jooq.internal.connect.Db;
import dev.orchestrator.jooq.internal.connect.MySqlConnector;
import dev.orchestrator.jooq.internal.connect.SeatReader;
import dev.orchestrator.jooq.internal.store.JooqAuditStore;
import dev.orchestrator.jooq.internal.store.JooqFenceStore;
import dev.orchestrator.jooq.internal.store.JooqInstanceStore;
import dev.orchestrator.jooq.internal.store.JooqIntentStore;
import dev.orchestrator.jooq.internal.store.JooqLeaseStore;
import dev.orchestrator.jooq.internal.store.JooqLockStore;
import dev.orchestrator.jooq.internal.store.JooqNodeStore;
import dev.orchestrator.jooq.internal.store.JooqPoolStore;
import dev.orchestrator.jooq.internal.store.JooqRecoveryStore;
import dev.orchestrator.jooq.internal.store.JooqRunStore;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.jooq.options.MySqlBackendOptions;
import dev.orchestrator.spi.AuditStore;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.BackendEndpoint;
import dev.orchestrator.spi.FenceStore;
import dev.orchestrator.spi.InstanceStore;
import dev.orchestrator.spi.IntentStore;
import dev.orchestrator.spi.LeaseStore;
import dev.orchestrator.spi.LockStore;
import dev.orchestrator.spi.NodeStore;
import dev.orchestrator.spi.PoolStore;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.RunStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The backend in MySQL 8.0+, MariaDB 10.11+ or an SQLite file. Opening it creates or upgrades the schema, and fails with
 * {@code BACKEND_UNAVAILABLE} when the backend does not answer: the caller tries again if it wants to wait. Once open, it
 * outlives any failure of the backend: calls fail while it is away and work again when it is back. Thread-safe.
 */
public final class JooqBackend implements Backend {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Db db;
    private final InstanceStore instances;
    private final LeaseStore leases;
    private final LockStore locks;
    private final RecoveryStore recoveries;
    private final FenceStore fences;
    private final AuditStore audit;
    private final IntentStore intents;
    private final NodeStore nodes;
    private final PoolStore pools;
    private final RunStore runs;

    private JooqBackend(Db db) {
        this.db = db;
        this.instances = new JooqInstanceStore(db);
        this.leases = new JooqLeaseStore(db);
        this.locks = new JooqLockStore(db);
        this.recoveries = new JooqRecoveryStore(db);
        this.fences = new JooqFenceStore(db);
        this.audit = new JooqAuditStore(db);
        this.intents = new JooqIntentStore(db);
        this.nodes = new JooqNodeStore(db);
        this.pools = new JooqPoolStore(db);
        this.runs = new JooqRunStore(db);
    }

    /**
     * Opens a backend in MySQL or MariaDB.
     *
     * @param where the server, the schema and the account
     * @param how pool, timeouts and what to do about the schema
     * @return the open backend; the caller closes it
     * @throws OrchestratorException {@code BACKEND_UNAVAILABLE} when it does not answer, is too old, or its schema cannot
     *     be made
     */
    public static JooqBackend mysql(MySqlBackendOptions where, JooqBackendOptions how) {
        return new JooqBackend(BackendOpener.mysql(requireNonNull(where, "where"), requireNonNull(how, "how")));
    }

    /**
     * Opens a backend in an SQLite file, which several processes of one host may share. The file and its directory are
     * made when they are missing.
     *
     * @param file the file
     * @param how pool, timeouts and what to do about the schema
     * @return the open backend; the caller closes it
     * @throws OrchestratorException {@code BACKEND_UNAVAILABLE} when the file cannot be opened, read or written
     */
    public static JooqBackend sqlite(Path file, JooqBackendOptions how) {
        return new JooqBackend(BackendOpener.sqlite(requireNonNull(file, "file"), requireNonNull(how, "how")));
    }

    @Override
    public InstanceStore instances() {
        return instances;
    }

    @Override
    public LeaseStore leases() {
        return leases;
    }

    @Override
    public LockStore locks() {
        return locks;
    }

    @Override
    public RecoveryStore recoveries() {
        return recoveries;
    }

    @Override
    public FenceStore fences() {
        return fences;
    }

    @Override
    public AuditStore audit() {
        return audit;
    }

    @Override
    public IntentStore intents() {
        return intents;
    }

    @Override
    public NodeStore nodes() {
        return nodes;
    }

    @Override
    public PoolStore pools() {
        return pools;
    }

    @Override
    public RunStore runs() {
        return runs;
    }

    @Override
    public String describe() {
        return db.describe();
    }

    @Override
    public Optional<InstanceKey> address() {
        return Optional.ofNullable(db.server()).map(MySqlConnector::address);
    }

    @Override
    public Optional<BackendEndpoint> look(InstanceKey address, String lease, Duration limit) {
        MySqlConnector server = db.server();
        return server == null ? Optional.empty() : SeatReader.read(server, address, lease, limit);
    }

    @Override
    public void moveTo(InstanceKey address) {
        BackendEndpoint seat = look(address, "", LOOK)
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.REFUSED,
                        "the backend is not looked for at " + address
                                + ": it does not answer, or holds no copy of it"));
        if (!seat.writable()) {
            throw new OrchestratorException(
                    ErrorCode.REFUSED, "the backend is not looked for at " + address + ": it is read-only");
        }
        db.moveTo(address);
    }

    @Override
    public void ping() {
        db.ping();
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plus(db.askNow("ask for the time"), ChronoUnit.MICROS);
    }

    @Override
    public void close() {
        db.close();
    }

    @Override
    public String toString() {
        return describe();
    }
}
