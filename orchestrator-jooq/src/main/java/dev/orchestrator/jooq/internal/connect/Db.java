package dev.orchestrator.jooq.internal.connect;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements on the backend, each on its own or some in a transaction, repeats what a conflict undid, and turns
 * failures into {@link OrchestratorException}s that say what was attempted. Thread-safe.
 */
public final class Db implements AutoCloseable {
    private static final int ATTEMPTS = 8;
    private static final int LOST_CONNECTIONS = 3;
    private static final long FIRST_PAUSE_MICROS = 500;
    private static final int WRITERS_WAIT_SECONDS = 10;

    private final BackendConnector connector;
    private final Connections connections;
    private final DSLContext context;
    private final Field<Long> now;
    /** Writers of one process queue up here: fairer and quicker than SQLite's waiting by sleeping. */
    private final @Nullable ReentrantLock writers;

    /** A runner on these connections. */
    public Db(BackendConnector connector, Connections connections, SQLDialect dialect) {
        this.connector = connector;
        this.connections = connections;
        this.context = DSL.using(connections, dialect, settings());
        boolean sqlite = dialect == SQLDialect.SQLITE;
        this.writers = sqlite ? new ReentrantLock(true) : null;
        this.now = sqlite
                ? DSL.field("cast(round(unixepoch('now', 'subsec') * 1000000) as integer)", Long.class)
                : DSL.field("timestampdiff(microsecond, '1970-01-01 00:00:00', utc_timestamp(6))", Long.class);
    }

    private static Settings settings() {
        // fetchWarnings would cost a statement whenever the server has a warning.
        return new Settings()
                .withRenderSchema(false)
                .withRenderCatalog(false)
                .withExecuteLogging(false)
                .withFetchWarnings(false);
    }

    /** What kind of backend this is and where; without secrets. */
    public String describe() {
        return connector.describe();
    }

    /** The server that can be moved away from; null for a file. */
    public @Nullable MySqlConnector server() {
        return connector instanceof MySqlConnector mysql ? mysql : null;
    }

    /** Goes on at another server. */
    public void moveTo(InstanceKey address) {
        MySqlConnector mysql = server();
        if (mysql != null) {
            mysql.leadTo(address);
            connections.moved();
        }
    }

    /** The backend's present time in microseconds since 1970, as a part of a statement. */
    public Field<Long> now() {
        return now;
    }

    /** For laying out statements that are run later. */
    public DSLContext layout() {
        return context;
    }

    /** Whether the backend is SQLite. */
    public boolean isSqlite() {
        return writers != null;
    }

    /** Runs one reading statement, or several that need not agree. */
    public <T> T read(String what, Function<DSLContext, T> work) {
        return attempt(what, true, () -> work.apply(context));
    }

    /**
     * Runs one writing statement that is undone as a whole when it fails.
     *
     * @throws DuplicateKeyException when a unique key stands in the way
     */
    public <T> T write(String what, Function<DSLContext, T> work) {
        return attempt(what, false, () -> exclusively(() -> work.apply(context)));
    }

    /**
     * Runs one writing statement that may be repeated even when it is not known whether it took effect.
     *
     * @throws DuplicateKeyException when a unique key stands in the way
     */
    public <T> T writeRepeatably(String what, Function<DSLContext, T> work) {
        return attempt(what, true, () -> exclusively(() -> work.apply(context)));
    }

    /**
     * Runs some statements so that all or none take effect.
     *
     * @throws DuplicateKeyException when a unique key stands in the way
     */
    public <T> T transaction(String what, Function<DSLContext, T> work) {
        return attempt(
                what,
                false,
                () -> exclusively(() -> context.transactionResult(config -> work.apply(DSL.using(config)))));
    }

    /** Asks for a sign of life. */
    public void ping() {
        askNow("ping");
    }

    /** Asks for the backend's present time, in microseconds since 1970. */
    public long askNow(String what) {
        return Objects.requireNonNull(read(what, c -> c.fetchValue(DSL.select(now))));
    }

    private <T> T exclusively(Supplier<T> work) {
        ReentrantLock lock = writers;
        if (lock == null) {
            return work.get();
        }
        takeTurn(lock);
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Waits no longer than one writer can take: when another process keeps the file, not all of us wait one by one. */
    private static void takeTurn(ReentrantLock lock) {
        try {
            if (!lock.tryLock(WRITERS_WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new DataAccessException(
                        "other writers of this process took more than " + WRITERS_WAIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataAccessException("interrupted while waiting for other writers", e);
        }
    }

    private <T> T attempt(String what, boolean repeatable, Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (DataAccessException e) {
                SqlErrors trouble = SqlErrors.of(e);
                if (trouble.spoilsConnection()) {
                    connections.spoiled();
                }
                if (trouble == SqlErrors.DUPLICATE_KEY) {
                    throw new DuplicateKeyException(e);
                }
                // Connections that broke while they were idle are found out only by use.
                boolean again = trouble == SqlErrors.CONFLICT
                        ? attempt < ATTEMPTS && !isSqlite()
                        : trouble == SqlErrors.CONNECTION_LOST && repeatable && attempt <= LOST_CONNECTIONS;
                if (!again) {
                    throw failure(what, trouble, e);
                }
                pause(attempt);
            }
        }
    }

    private static void pause(int attempt) {
        long longest = FIRST_PAUSE_MICROS << attempt;
        long micros = ThreadLocalRandom.current().nextLong(FIRST_PAUSE_MICROS, longest + 1);
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(micros));
    }

    private OrchestratorException failure(String what, SqlErrors trouble, DataAccessException e) {
        return failure(describe(), what, trouble, e);
    }

    /** The exception for a failure of the backend. */
    public static OrchestratorException failure(String description, String what, SqlErrors trouble, Exception e) {
        ErrorCode code = trouble == SqlErrors.TOO_LARGE ? ErrorCode.INVALID_INPUT : ErrorCode.BACKEND_UNAVAILABLE;
        Throwable cause = cause(e);
        return new OrchestratorException(
                code,
                "cannot " + what + " (backend " + description + "): " + trouble.prefix() + reason(cause) + "; "
                        + trouble.advice(),
                cause);
    }

    /** The driver's exception: jOOQ's would carry the whole statement, with all its values, into logs. */
    private static Throwable cause(Exception e) {
        Throwable t = e;
        for (int depth = 0; depth < 20 && t != null; depth++, t = t.getCause()) {
            if (t instanceof SQLException) {
                return t;
            }
        }
        return e;
    }

    /** The driver's words; of a network failure, of which it says only that there was one, the system's. */
    private static String reason(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        int depth = 0;
        for (Throwable t = cause; t != null && depth < 20; t = t.getCause(), depth++) {
            if (t instanceof UnknownHostException) {
                text = "unknown host " + t.getMessage();
            } else if (t instanceof SocketException || t instanceof SocketTimeoutException) {
                text = String.valueOf(t.getMessage());
            }
        }
        text = text.strip().replaceAll("\\s+", " ");
        return text.length() > 300 ? text.substring(0, 300) + "..." : text;
    }

    @Override
    public void close() {
        connections.close();
    }
}
