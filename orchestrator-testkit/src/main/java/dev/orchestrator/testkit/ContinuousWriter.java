package dev.orchestrator.testkit;

import static java.util.Objects.requireNonNull;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.testkit.server.TestkitException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client that writes without end, one row a transaction, and knows of every write whether it was acknowledged. An id is
 * used once: a write whose end is unknown is never tried again.
 *
 * <p>It writes to one address at a time and goes on there when the address fails, with a new connection as soon as one is
 * accepted; {@link #switchTo} leads it elsewhere. Rows go to the table {@code testkit.writes}. Thread-safe.
 */
public final class ContinuousWriter implements AutoCloseable {
    /** How a write ended. */
    public enum Outcome {
        /** The server said that it is committed. */
        ACKNOWLEDGED,
        /** The server said that it is not. */
        REFUSED,
        /** The connection ended, or nobody waited any longer, before the server said anything. */
        UNKNOWN
    }

    /**
     * One write.
     *
     * @param id its number, from 1 on without gaps
     * @param server where it was sent
     * @param outcome how it ended
     * @param endedAt when the client learned the outcome, in order with all other writes of this writer
     * @param gtid the GTID the server gave it, null when the server did not say
     * @param error what the client was told instead of an acknowledgement, with its causes; null only for an acknowledged one
     */
    public record Write(
            long id,
            InstanceKey server,
            Outcome outcome,
            Instant endedAt,
            @Nullable String gtid,
            @Nullable String error) {}

    private final String name = UUID.randomUUID().toString();
    private final WriterJournal journal = new WriterJournal();
    private final List<WriterThread> threads = new ArrayList<>();
    private final Builder settings;
    private InstanceKey address;
    private boolean stopped;

    private ContinuousWriter(Builder settings) {
        this.settings = settings;
        this.address = settings.address;
    }

    /** Starts one client with the defaults, writing to that server. */
    public static ContinuousWriter start(DatabaseServer server) {
        return builder(server.key()).start();
    }

    /** A writer to that address, a server's or a proxy's. The table is made there when it starts. */
    public static Builder builder(InstanceKey address) {
        return new Builder(address);
    }

    /** Where it writes now. */
    public synchronized InstanceKey address() {
        return address;
    }

    /** Goes on at another address. A write that is under way is given up; its outcome is unknown. */
    public synchronized void switchTo(InstanceKey newAddress) {
        requireNonNull(newAddress, "newAddress");
        if (stopped) {
            throw new IllegalStateException("the writer is stopped");
        }
        address = newAddress;
        threads.forEach(WriterThread::finishNow);
        begin();
    }

    private synchronized void begin() {
        threads.removeIf(WriterThread::isOver);
        WriterThread.Task task = new WriterThread.Task(name, address, journal, settings.pause, settings.answerLimit);
        for (int i = 0; i < settings.clients; i++) {
            WriterThread thread = new WriterThread(task);
            threads.add(thread);
            thread.begin();
        }
    }

    /** Goes on at another server. */
    public void switchTo(DatabaseServer server) {
        switchTo(server.key());
    }

    /** All writes that have ended, in the order of their ends. */
    public List<Write> writes() {
        return journal.writes();
    }

    /** The writes a server has acknowledged. */
    public List<Write> acknowledged() {
        return with(write -> write.outcome() == Outcome.ACKNOWLEDGED);
    }

    /** The writes nobody knows the end of; each may be on the server or not. */
    public List<Write> unknown() {
        return with(write -> write.outcome() == Outcome.UNKNOWN);
    }

    /** The first write acknowledged at that address; empty when there is none yet. */
    public Optional<Write> firstAcknowledgedBy(InstanceKey server) {
        return acknowledged().stream()
                .filter(write -> write.server().equals(server))
                .findFirst();
    }

    /**
     * The acknowledged writes that this server does not hold: what was lost, if it is the primary now. On one that still
     * applies what it has received, {@link DatabaseServer#awaitApplied} comes first.
     */
    public List<Write> missingOn(DatabaseServer server) {
        // The journal first: what is acknowledged afterwards may or may not be in what is read.
        List<Write> acknowledged = acknowledged();
        Set<Long> present = WriterThread.idsOn(server, name);
        return acknowledged.stream()
                .filter(write -> !present.contains(write.id()))
                .toList();
    }

    /** The writes of unknown outcome that this server holds. */
    public List<Write> unknownButPresentOn(DatabaseServer server) {
        Set<Long> present = WriterThread.idsOn(server, name);
        return with(write -> write.outcome() == Outcome.UNKNOWN && present.contains(write.id()));
    }

    /**
     * Waits until that many writes in total are acknowledged.
     *
     * @throws TestkitException when that takes longer than {@code limit}; with the last error
     */
    public void awaitAcknowledged(int count, Duration limit) {
        journal.await(() -> journal.acknowledgedCount() >= count, count + " acknowledged writes", limit);
    }

    /**
     * Waits until a write is acknowledged at that address.
     *
     * @throws TestkitException when that takes longer than {@code limit}; with the last error
     */
    public void awaitAcknowledgedBy(InstanceKey server, Duration limit) {
        journal.await(() -> firstAcknowledgedBy(server).isPresent(), "an acknowledged write at " + server, limit);
    }

    /** Ends after the writes under way, or gives them up after a second; nothing is written any more then. Idempotent. */
    public synchronized void stop() {
        stopped = true;
        threads.forEach(WriterThread::finish);
        threads.forEach(WriterThread::awaitEnd);
    }

    /** As {@link #stop()}. */
    @Override
    public void close() {
        stop();
    }

    private List<Write> with(Predicate<Write> condition) {
        return journal.writes().stream().filter(condition).toList();
    }

    /** Says how it writes. Not thread-safe. */
    public static final class Builder {
        private final InstanceKey address;
        private int clients = 1;
        private Duration pause = Duration.ofMillis(1);
        private Duration answerLimit = Duration.ZERO;

        private Builder(InstanceKey address) {
            this.address = requireNonNull(address, "address");
        }

        /** How many connections write side by side; 1 by default. */
        public Builder clients(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("at least one client must write, not " + value);
            }
            this.clients = value;
            return this;
        }

        /** How long each client waits after a write; 1 ms by default. */
        public Builder pause(Duration value) {
            this.pause = requireNonNull(value, "value");
            return this;
        }

        /** How long a client waits for an answer before it gives the write up; without end by default (zero). */
        public Builder answerLimit(Duration value) {
            this.answerLimit = requireNonNull(value, "value");
            return this;
        }

        /** Makes the table and starts to write. */
        public ContinuousWriter start() {
            WriterThread.createTable(address);
            ContinuousWriter writer = new ContinuousWriter(copy());
            writer.begin();
            return writer;
        }

        private Builder copy() {
            return new Builder(address).clients(clients).pause(pause).answerLimit(answerLimit);
        }
    }
}
