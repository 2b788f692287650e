package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure.Kind;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What is held for one server: the connection it is polled by, and those its commands go through. */
final class MonitoredServer {
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** Longer than servers are left alone between polls by a node that leads. */
    private static final long UNPOLLED_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final int MAX_IDLE = 2;

    private final InstanceKey key;
    private final ServerConnector connector;
    private final GatewayOptions options;
    private final ReentrantLock polling = new ReentrantLock();
    private final DetectionMemory detections;
    private final Deque<Resting> resting = new ArrayDeque<>();
    /** Guarded by {@code polling}, like the next three. */
    private final UnreadParts unread = new UnreadParts();

    private @Nullable ServerSession held;

    private @Nullable PollBatch batch;
    private @Nullable ConnectAttempt attempt;
    private volatile long polledNanos;
    private volatile boolean released;

    private record Resting(ServerSession session, long sinceNanos) {}

    MonitoredServer(InstanceKey key, ServerConnector connector, GatewayOptions options) {
        this.key = key;
        this.connector = connector;
        this.options = options;
        this.detections = new DetectionMemory(options.detectionQueries());
        this.polledNanos = connector.ticker().nanos();
    }

    Instance poll(Deadline deadline) throws ServerFailure {
        boolean mine;
        try {
            mine = polling.tryLock(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerFailure(Kind.TIMEOUT, "polling " + key + " was interrupted", e);
        }
        if (!mine) {
            throw new ServerFailure(Kind.TIMEOUT, key + " did not answer in time: another poll waits for it", null);
        }
        try {
            return pollAgainIfStale(deadline);
        } finally {
            polledNanos = connector.ticker().nanos();
            if (released) {
                drop();
            }
            polling.unlock();
        }
    }

    /**
     * A held connection may have died of something that is long over, such as a restart: then a new one decides. So it does
     * where a part of the answer could not be read, and leaves that part out.
     */
    private Instance pollAgainIfStale(Deadline deadline) throws ServerFailure {
        boolean again = held != null;
        while (true) {
            try {
                return pollOnce(deadline);
            } catch (ServerFailure e) {
                boolean stale = again && (e.kind() == Kind.CONNECTION_LOST || e.kind() == Kind.REFUSED);
                boolean findsMore = unread.takeNews();
                if (!(stale || findsMore) || deadline.passed()) {
                    throw e;
                }
                again = false;
            }
        }
    }

    private Instance pollOnce(Deadline deadline) throws ServerFailure {
        ServerSession session = held;
        PollBatch poll = batch;
        if (session == null || poll == null) {
            session = connectForPoll(deadline);
            poll = new PollBatch(session, options, unread);
            held = session;
            batch = poll;
        }
        try {
            PollFacts facts = poll.poll(key, deadline);
            detections.complete(session.connection(), facts, deadline);
            if (session.connection().isBroken()) {
                drop();
            }
            return facts.build();
        } catch (SQLException e) {
            boolean timedOut = session.connection().timedOut();
            if (!Failures.isRefusal(e)) {
                drop();
            }
            if (timedOut) {
                throw new ServerFailure(
                        Kind.TIMEOUT, key + " did not answer in time: its answer was not complete at the deadline", e);
            }
            ServerFailure failure = Failures.of(key, e, false);
            if (failure.kind() == Kind.NOT_MYSQL) {
                unread.learn(Failures.rootMessage(e));
            }
            throw failure;
        } catch (IllegalArgumentException e) {
            drop();
            throw new ServerFailure(
                    Kind.NOT_MYSQL, "what " + key + " answers cannot be understood: " + e.getMessage(), e);
        }
    }

    /** An attempt that did not end within one poll goes on and serves the next, so that they do not pile up. */
    private ServerSession connectForPoll(Deadline deadline) throws ServerFailure {
        ConnectAttempt mine = attempt;
        if (mine == null) {
            mine = connector.start(key);
            attempt = mine;
        }
        try {
            return mine.await(deadline);
        } finally {
            if (mine.isDone()) {
                attempt = null;
            }
        }
    }

    /** Called with {@code polling} held. */
    private void drop() {
        ServerSession session = held;
        held = null;
        batch = null;
        if (session != null) {
            session.abort();
        }
        if (released) {
            abandonAttempt();
        }
    }

    /** Called with {@code polling} held. */
    private void abandonAttempt() {
        ConnectAttempt mine = attempt;
        attempt = null;
        if (mine != null) {
            mine.abandon();
        }
    }

    /** A connection for one command, with a fresh reading of the server's clock. Give it back, or abort it. */
    CommandConnection borrow(Deadline deadline) throws ServerFailure {
        while (true) {
            Resting candidate = takeResting();
            if (candidate == null) {
                ServerSession session = connector.connect(key, deadline);
                return new CommandConnection(this, session, session.openedAt());
            }
            ServerSession session = candidate.session();
            try {
                return new CommandConnection(this, session, CommandConnection.readClock(session, deadline));
            } catch (SQLException e) {
                // Nothing was entrusted to it yet; a new one will tell whether the server is there.
                session.abort();
                if (deadline.passed()) {
                    throw Failures.of(key, e, false);
                }
            }
        }
    }

    private @Nullable Resting takeResting() {
        synchronized (resting) {
            return resting.pollFirst();
        }
    }

    void giveBack(ServerSession session) {
        synchronized (resting) {
            if (!released && !session.connection().isBroken() && resting.size() < MAX_IDLE) {
                resting.addFirst(new Resting(session, connector.ticker().nanos()));
                return;
            }
        }
        session.close();
    }

    /** Closes connections that nobody has needed for a while. */
    void closeIdle() {
        closeUnpolled();
        while (true) {
            ServerSession old;
            synchronized (resting) {
                Resting last = resting.peekLast();
                if (last == null || connector.ticker().nanos() - last.sinceNanos() < IDLE_NANOS) {
                    return;
                }
                old = last.session();
                resting.removeLast();
            }
            old.close();
        }
    }

    /** A node that does not lead polls a server now and then, when an order is about it; and some keys are polled once only. */
    private void closeUnpolled() {
        if (isPolled() || !polling.tryLock()) {
            return;
        }
        try {
            if (!isPolled()) {
                drop();
                abandonAttempt();
            }
        } finally {
            polling.unlock();
        }
    }

    private boolean isPolled() {
        return connector.ticker().nanos() - polledNanos < UNPOLLED_NANOS;
    }

    InstanceKey key() {
        return key;
    }

    ServerConnector connector() {
        return connector;
    }

    GatewayOptions options() {
        return options;
    }

    /** Closes everything; a poll that is under way ends first. */
    void release() {
        released = true;
        if (polling.tryLock()) {
            try {
                drop();
            } finally {
                polling.unlock();
            }
        }
        while (true) {
            Resting next = takeResting();
            if (next == null) {
                return;
            }
            next.session().close();
        }
    }
}
