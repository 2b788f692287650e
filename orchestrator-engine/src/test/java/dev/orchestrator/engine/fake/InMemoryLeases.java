package dev.orchestrator.engine.fake;

import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Leases in memory. */
final class InMemoryLeases implements LeaseStore {
    private final InstantSource clock;
    private final Map<String, Row> rows = new HashMap<>();

    InMemoryLeases(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Optional<Lease> acquire(String name, String holder, Duration ttl) {
        Row row = rows.get(name);
        return row != null && row.isHeld(clock.instant()) ? Optional.empty() : Optional.of(seize(name, holder, ttl));
    }

    @Override
    public Lease seize(String name, String holder, Duration ttl) {
        Instant now = clock.instant();
        Row row = rows.computeIfAbsent(name, n -> new Row());
        String token = UUID.randomUUID().toString();
        row.lease = new Lease(name, holder, token, ++row.epoch, ttl);
        row.since = now;
        row.renewedAt = now;
        row.expiresAt = now.plus(ttl);
        return row.lease;
    }

    @Override
    public Optional<Lease> succeed(Lease former) {
        Row row = rows.computeIfAbsent(former.name(), n -> new Row());
        boolean ours = row.lease != null && row.lease.token().equals(former.token());
        if (row.epoch > former.epoch() || (row.epoch == former.epoch() && !ours)) {
            return Optional.empty();
        }
        row.epoch = former.epoch();
        return Optional.of(seize(former.name(), former.holder(), former.ttl()));
    }

    @Override
    public boolean renew(Lease lease) {
        Row row = rows.get(lease.name());
        if (!isCurrent(lease) || row == null) {
            return false;
        }
        row.renewedAt = clock.instant();
        row.expiresAt = row.renewedAt.plus(lease.ttl());
        return true;
    }

    @Override
    public boolean release(Lease lease) {
        boolean held = isCurrent(lease);
        if (held) {
            vacate(lease.name());
        }
        return held;
    }

    @Override
    public void vacate(String name) {
        Row row = rows.get(name);
        if (row != null) {
            row.lease = null;
        }
    }

    @Override
    public Optional<Holding> current(String name) {
        Instant now = clock.instant();
        Row row = rows.get(name);
        if (row == null || row.lease == null || !row.isHeld(now)) {
            return Optional.empty();
        }
        return Optional.of(new Holding(
                row.lease.holder(),
                row.lease.token(),
                row.lease.epoch(),
                row.since,
                row.renewedAt,
                Duration.between(now, row.expiresAt)));
    }

    boolean isCurrent(Lease lease) {
        Row row = rows.get(lease.name());
        return row != null
                && row.isHeld(clock.instant())
                && row.lease != null
                && row.lease.epoch() == lease.epoch()
                && row.lease.token().equals(lease.token());
    }

    private static final class Row {
        private @Nullable Lease lease;
        private long epoch;
        private Instant since = Instant.EPOCH;
        private Instant renewedAt = Instant.EPOCH;
        private Instant expiresAt = Instant.EPOCH;

        private boolean isHeld(Instant now) {
            return lease != null && now.isBefore(expiresAt);
        }
    }
}
