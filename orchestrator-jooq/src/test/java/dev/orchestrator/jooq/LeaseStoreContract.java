package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.LeaseStore;
import dev.orchestrator.spi.LeaseStore.Holding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of leases does. */
abstract class LeaseStoreContract extends StoreContract {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(50);
    private LeaseStore leases;

    LeaseStoreContract(Supplier<TestBackend> kind) {
        super(kind);
    }

    @BeforeEach
    void store() {
        leases = backend.leases();
    }

    private Lease acquired(String holder, Duration ttl) {
        return leases.acquire("leader", holder, ttl).orElseThrow();
    }

    private void awaitEnd() {
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> leases.current("leader").isEmpty());
    }

    @Test
    void grantsAFreeLeaseToOneHolderOnly() {
        Lease lease = acquired("a", LONG);
        assertThat(lease.epoch()).isEqualTo(1);
        assertThat(leases.acquire("leader", "b", LONG)).isEmpty();
        assertThat(leases.acquire("leader", "a", LONG))
                .as("nor twice to the same")
                .isEmpty();
        assertThat(leases.acquire("other", "b", LONG)).as("another name").isPresent();
    }

    @Test
    void showsWhoHoldsALease() {
        assertThat(leases.current("leader")).isEmpty();
        Lease lease = acquired("a", LONG);
        Holding holding = leases.current("leader").orElseThrow();
        assertThat(holding.holder()).isEqualTo("a");
        assertThat(holding.token()).isEqualTo(lease.token());
        assertThat(holding.epoch()).isEqualTo(1);
        assertThat(holding.expiresIn()).isBetween(LONG.minusSeconds(10), LONG);
        assertThat(holding.renewedAt()).isEqualTo(holding.since());
    }

    @Test
    void grantsALeaseThatRanOutWithAHigherEpoch() {
        Lease first = acquired("a", SHORT);
        awaitEnd();
        assertThat(leases.renew(first)).as("it has run out").isFalse();
        Lease second = acquired("b", LONG);
        assertThat(second.epoch()).isEqualTo(2);
        assertThat(second.token()).isNotEqualTo(first.token());
        assertThat(leases.renew(first)).isFalse();
        assertThat(leases.release(first)).isFalse();
        assertThat(leases.renew(second)).isTrue();
    }

    @Test
    void aTenureOfTheFormerBackendGoesOnWithAGreaterEpoch() {
        Lease held = acquired("a", LONG);
        Lease next = leases.succeed(held).orElseThrow();
        assertThat(next.epoch()).isEqualTo(2);
        assertThat(next.token()).isNotEqualTo(held.token());
        assertThat(leases.renew(held)).isFalse();
        assertThat(leases.renew(next)).isTrue();
        assertThat(leases.succeed(held)).as("it was succeeded already").isEmpty();
    }

    @Test
    void aTenureIsSucceededEvenWhenTheCopyLacksIt() {
        Lease missing = new Lease("leader", "a", "a token the copy does not know", 7, LONG);
        assertThat(leases.succeed(missing).orElseThrow().epoch()).isEqualTo(8);
        assertThat(leases.acquire("behind", "other holder", LONG)).isPresent();
        Lease newer = new Lease("behind", "a", "a token the copy does not know", 7, LONG);
        Lease next = leases.succeed(newer).orElseThrow();
        assertThat(next.epoch()).isEqualTo(8);
        assertThat(leases.current("behind").orElseThrow().token()).isEqualTo(next.token());
    }

    @Test
    void nobodySucceedsATenureAfterWhichSomebodyElseHasTheLease() {
        Lease first = acquired("a", SHORT);
        awaitEnd();
        Lease second = acquired("b", LONG);
        assertThat(leases.succeed(first)).isEmpty();
        assertThat(leases.succeed(new Lease("leader", "a", "same epoch, other token", 2, LONG)))
                .isEmpty();
        assertThat(leases.renew(second)).isTrue();
    }

    @Test
    void extendsALeaseByItsTimeToLive() {
        Lease lease = acquired("a", LONG);
        Holding before = leases.current("leader").orElseThrow();
        await().until(() -> leases.renew(lease)
                && leases.current("leader").orElseThrow().renewedAt().isAfter(before.renewedAt()));
        assertThat(leases.current("leader").orElseThrow().since()).isEqualTo(before.since());
    }

    @Test
    void tellsALeaseOfTheSameEpochByItsToken() {
        Lease lease = acquired("a", LONG);
        Lease forged = new Lease("leader", "a", "another token", lease.epoch(), LONG);
        assertThat(leases.renew(forged)).isFalse();
        assertThat(leases.release(forged)).isFalse();
    }

    @Test
    void isFreeAtOnceAfterReleaseAndKeepsItsEpoch() {
        Lease first = acquired("a", LONG);
        assertThat(leases.release(first)).isTrue();
        assertThat(leases.release(first)).isFalse();
        assertThat(leases.current("leader")).isEmpty();
        assertThat(acquired("b", LONG).epoch()).isEqualTo(2);
    }

    @Test
    void isTakenFromItsHolderBySeizingAndByVacating() {
        Lease first = acquired("a", LONG);
        Lease second = leases.seize("leader", "b", LONG);
        assertThat(second.epoch()).isEqualTo(2);
        assertThat(leases.renew(first)).isFalse();
        leases.vacate("leader");
        assertThat(leases.renew(second)).isFalse();
        assertThat(acquired("c", LONG).epoch()).isEqualTo(3);
        assertThat(leases.seize("never seen", "d", LONG).epoch()).isEqualTo(1);
        leases.vacate("unknown");
    }

    @Test
    void copesWithAnyNameOfAHolderAndAnyDuration() {
        assertThat(leases.acquire("x", WILD, Duration.ofDays(400_000_000))).isPresent();
        assertThat(leases.acquire("y", "a", Duration.ofSeconds(-5))).isPresent();
        assertThat(leases.current("y")).isEmpty();
    }

    /** Nodes that take, renew, lose and give up one lease as quickly as they can, each with a backend of its own. */
    @Test
    void neverHasTwoHoldersAndItsEpochOnlyGrows() throws Exception {
        int nodes = 6;
        AtomicInteger holders = new AtomicInteger();
        AtomicLong lastEpoch = new AtomicLong();
        AtomicInteger tenures = new AtomicInteger();
        List<String> faults = java.util.Collections.synchronizedList(new ArrayList<>());
        ExecutorService pool = Executors.newFixedThreadPool(nodes);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        List<Future<?>> all = new ArrayList<>();
        try {
            for (int i = 0; i < nodes; i++) {
                String node = "node-" + i;
                all.add(pool.submit((Callable<Void>) () -> {
                    try (JooqBackend own = place.open(JooqBackendOptions.forCommand())) {
                        while (System.nanoTime() < end) {
                            own.leases()
                                    .acquire("leader", node, Duration.ofSeconds(20))
                                    .ifPresent(lease -> hold(own.leases(), lease, holders, lastEpoch, faults));
                            tenures.set((int) lastEpoch.get());
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(faults).isEmpty();
        assertThat(tenures.get()).as("the test must have had changes of tenure").isGreaterThan(10);
    }

    private static void hold(
            LeaseStore store, Lease lease, AtomicInteger holders, AtomicLong lastEpoch, List<String> faults) {
        if (holders.incrementAndGet() != 1) {
            faults.add("two holders at epoch " + lease.epoch());
        }
        if (lastEpoch.getAndSet(lease.epoch()) >= lease.epoch()) {
            faults.add("epoch " + lease.epoch() + " came again");
        }
        if (ThreadLocalRandom.current().nextBoolean() && !store.renew(lease)) {
            faults.add("lost epoch " + lease.epoch() + " before its time");
        }
        Optional<Holding> seen = store.current("leader");
        if (seen.isEmpty() || seen.get().epoch() != lease.epoch()) {
            faults.add("holder of epoch " + lease.epoch() + " saw " + seen);
        }
        holders.decrementAndGet();
        if (!store.release(lease)) {
            faults.add("could not release epoch " + lease.epoch());
        }
    }
}
