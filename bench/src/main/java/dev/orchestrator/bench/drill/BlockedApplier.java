package dev.orchestrator.bench.drill;

import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.DatabaseServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Makes one replica the only one that has the last writes, and keeps it from applying them: the others' receivers are
 * stopped, and a session on that replica holds a lock on the written table. The lock goes a while after the crash.
 */
final class BlockedApplier implements AutoCloseable {
    private final Connection lockHolder;
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();

    private BlockedApplier(Connection lockHolder) {
        this.lockHolder = lockHolder;
    }

    static BlockedApplier on(List<DatabaseServer> replicas, ContinuousWriter writer) {
        for (DatabaseServer other : replicas.subList(1, replicas.size())) {
            other.execute("STOP REPLICA IO_THREAD");
        }
        Connection holder = replicas.get(0).connect();
        try (Statement statement = holder.createStatement()) {
            statement.execute("LOCK TABLES testkit.writes READ");
        } catch (SQLException e) {
            throw new IllegalStateException("cannot block the applier of " + replicas.get(0), e);
        }
        writer.awaitAcknowledged(writer.acknowledged().size() + 100, Duration.ofSeconds(30));
        return new BlockedApplier(holder);
    }

    void releaseIn(Duration delay) {
        later.schedule(this::close, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        try {
            lockHolder.close();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot unblock the applier", e);
        } finally {
            later.shutdown();
        }
    }
}
