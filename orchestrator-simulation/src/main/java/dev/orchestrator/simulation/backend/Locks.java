package dev.orchestrator.simulation.backend;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.LockStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The maintenance locks in the backend: they run out by its clock, unless their holder extends them. Not thread-safe. */
public final class Locks {
    private final List<Row> rows = new ArrayList<>();
    private Writes writes = new Writes();

    void watch(Writes all) {
        writes = all;
    }

    /** It has all that the former one has. */
    void complete(Locks former) {
        rows.clear();
        former.rows.forEach(r -> rows.add(r.copy()));
    }

    Locks copy() {
        Locks copy = new Locks();
        rows.forEach(r -> copy.rows.add(r.copy()));
        return copy;
    }

    private static final class Row {
        private final LockInfo lock;
        private long until;
        private boolean ended;

        private void end(long now) {
            if (!ended) {
                ended = true;
                until = Math.min(until, now);
            }
        }

        private Row(LockInfo lock, long until) {
            this.lock = lock;
            this.until = until;
        }

        private Row copy() {
            Row copy = new Row(lock, until);
            copy.ended = ended;
            return copy;
        }

        private boolean holds(long now) {
            return !ended && until > now;
        }
    }

    /**
     * Takes all the locks, or none.
     *
     * @param request what to lock, and how
     * @param owner who
     * @param reason why
     * @param ttl how long they hold
     * @param now the backend's time
     * @return the token of all of them, or the locks that stand in the way
     */
    public LockStore.Attempt acquire(LockRequest request, Actor owner, String reason, Duration ttl, long now) {
        List<LockInfo> blockers = active(now).stream()
                .filter(l -> request.isBlockedBy(l.instance(), l.shared()))
                .toList();
        if (!blockers.isEmpty()) {
            return new LockStore.Attempt(null, blockers);
        }
        writes.one();
        // As it is told by: whether an operator holds it.
        String token = (request.byHand() ? "maintenance-" : "") + "lock#" + writes.token();
        Instant since = at(now);
        for (InstanceKey key : request.all()) {
            boolean shared = request.shared().contains(key);
            LockInfo lock =
                    new LockInfo(rows.size(), key, owner, reason, token, since, since.plus(ttl), Duration.ZERO, shared);
            rows.add(new Row(lock, now + ttl.toNanos()));
        }
        return new LockStore.Attempt(token, List.of());
    }

    private static Instant at(long now) {
        return Instant.EPOCH.plusNanos(now);
    }

    /**
     * Extends the locks of a token that hold still.
     *
     * @param token the token
     * @param ttl how long they hold from now on
     * @param now the backend's time
     * @return how many those are
     */
    public int extend(String token, Duration ttl, long now) {
        writes.one();
        List<Row> held = held(token, now);
        held.forEach(r -> r.until = now + ttl.toNanos());
        return held.size();
    }

    private List<Row> held(String token, long now) {
        return rows.stream()
                .filter(r -> r.lock.token().equals(token) && r.holds(now))
                .toList();
    }

    /**
     * Ends the locks of a token.
     *
     * @param token the token
     * @param now the backend's time
     */
    public void release(String token, long now) {
        writes.one();
        rows.stream().filter(r -> r.lock.token().equals(token)).forEach(r -> r.end(now));
    }

    /**
     * Ends the exclusive lock of a server, whoever holds it.
     *
     * @param server the server
     * @param now the backend's time
     */
    public void end(InstanceKey server, long now) {
        writes.one();
        rows.stream()
                .filter(r -> r.lock.instance().equals(server) && !r.lock.shared())
                .forEach(r -> r.end(now));
    }

    /**
     * Until when somebody held a lock on a server last.
     *
     * @param server the server
     * @return in nanoseconds of the backend's time, zero when nobody ever did
     */
    public long heldUntil(InstanceKey server) {
        return rows.stream()
                .filter(r -> r.lock.instance().equals(server))
                .mapToLong(r -> r.until)
                .max()
                .orElse(0);
    }

    /**
     * Whether an operator has locked a server.
     *
     * @param server the server
     * @param now the backend's time
     * @return false when only a change of a service holds it
     */
    public boolean isInMaintenance(InstanceKey server, long now) {
        return rows.stream()
                .anyMatch(r ->
                        r.holds(now) && r.lock.isByHand() && r.lock.instance().equals(server));
    }

    /**
     * Whether everything that was locked with a token is.
     *
     * @param token the token
     * @param now the backend's time
     * @return false when one of its locks was ended or has run out
     */
    public boolean isHeld(String token, long now) {
        long all = rows.stream().filter(r -> r.lock.token().equals(token)).count();
        return all > 0 && held(token, now).size() == all;
    }

    /**
     * All that hold.
     *
     * @param now the backend's time
     * @return the oldest first
     */
    public List<LockInfo> active(long now) {
        return rows.stream().filter(r -> r.holds(now)).map(r -> r.lock).toList();
    }
}
