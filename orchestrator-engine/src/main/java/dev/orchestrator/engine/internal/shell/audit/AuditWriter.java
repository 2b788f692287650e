package dev.orchestrator.engine.internal.shell.audit;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.engine.internal.shell.schedule.LateWriter;
import dev.orchestrator.spi.AuditStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes audit entries in batches, soon after they were recorded. While the backend is away they wait in memory; beyond
 * a bound the oldest are dropped and counted.
 */
public final class AuditWriter implements AuditTrail, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AuditWriter.class);
    private static final Duration GATHER = Duration.ofMillis(200);
    private static final int CAPACITY = 10_000;
    private static final int BATCH = 500;

    private final AtomicLong numbers = new AtomicLong();
    private final LateWriter<Long, AuditEntry> writer;

    /**
     * A writer.
     *
     * @param store where the trail is
     */
    public AuditWriter(AuditStore store) {
        this(store, CAPACITY);
    }

    AuditWriter(AuditStore store, int capacity) {
        this.writer = new LateWriter<>(new LateWriter.Terms("audit", GATHER, capacity, BATCH), store::append);
    }

    @Override
    public void record(AuditEntry entry) {
        if (!writer.put(numbers.incrementAndGet(), entry)) {
            log.atWarn().addKeyValue("entry", entry.type()).log("recorded after the end: not written");
        }
    }

    /** Writes what is waiting, if the backend answers in time. */
    @Override
    public void close() {
        writer.close();
    }
}
