package dev.orchestrator.engine.fake;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.LockStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Maintenance locks in memory. */
final class InMemoryLocks implements LockStore {
    private final InstantSource clock;
    private final List<LockInfo> active = new ArrayList<>();
    private final Map<String, Integer> taken = new HashMap<>();
    private final List<Instant> ended = new ArrayList<>();
    private long lastId;

    InMemoryLocks(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Attempt acquire(LockRequest request, Actor owner, String reason, Duration duration) {
        List<LockInfo> blockers = active().stream()
                .filter(l -> request.isBlockedBy(l.instance(), l.shared()))
                .toList();
        if (!blockers.isEmpty()) {
            return new Attempt(null, blockers);
        }
        Instant now = clock.instant();
        String token = request.newToken();
        for (InstanceKey key : request.all()) {
            boolean shared = request.shared().contains(key);
            Instant end = now.plus(duration);
            active.add(new LockInfo(++lastId, key, owner, reason, token, now, end, Duration.ZERO, shared));
        }
        taken.put(token, request.all().size());
        return new Attempt(token, List.of());
    }

    /** Whether an operation still has each of its locks. */
    boolean allHeld(String token) {
        endExpired();
        Integer all = taken.get(token);
        return all != null && ofToken(token).size() == all;
    }

    @Override
    public int extend(String token, Duration duration) {
        endExpired();
        Instant end = clock.instant().plus(duration);
        List<LockInfo> mine = ofToken(token);
        for (LockInfo l : mine) {
            active.remove(l);
            active.add(new LockInfo(
                    l.id(), l.instance(), l.owner(), l.reason(), token, l.since(), end, Duration.ZERO, l.shared()));
        }
        return mine.size();
    }

    @Override
    public int release(String token) {
        endExpired();
        List<LockInfo> mine = ofToken(token);
        mine.forEach(this::remove);
        return mine.size();
    }

    @Override
    public Optional<LockInfo> end(InstanceKey instance) {
        Optional<LockInfo> found = find(instance);
        found.ifPresent(this::remove);
        return found;
    }

    @Override
    public Optional<LockInfo> end(long id) {
        Optional<LockInfo> found = active().stream().filter(l -> l.id() == id).findFirst();
        found.ifPresent(this::remove);
        return found;
    }

    @Override
    public Optional<LockInfo> find(InstanceKey instance) {
        return active().stream()
                .filter(l -> l.instance().equals(instance) && !l.shared())
                .findFirst();
    }

    @Override
    public List<LockInfo> active() {
        endExpired();
        return active.stream()
                .sorted(Comparator.comparing(LockInfo::instance).thenComparing(LockInfo::id))
                .map(this::aged)
                .toList();
    }

    @Override
    public int purge(Duration age) {
        endExpired();
        Instant limit = clock.instant().minus(age);
        int before = ended.size();
        ended.removeIf(at -> at.isBefore(limit));
        return before - ended.size();
    }

    private List<LockInfo> ofToken(String token) {
        return active.stream().filter(l -> l.token().equals(token)).toList();
    }

    private void endExpired() {
        Instant now = clock.instant();
        active.stream().filter(l -> !now.isBefore(l.expiresAt())).toList().forEach(this::remove);
    }

    private void remove(LockInfo lock) {
        active.removeIf(l -> l.id() == lock.id());
        ended.add(clock.instant());
    }

    private LockInfo aged(LockInfo l) {
        Duration age = Duration.between(l.since(), clock.instant());
        return new LockInfo(
                l.id(), l.instance(), l.owner(), l.reason(), l.token(), l.since(), l.expiresAt(), age, l.shared());
    }
}
