package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.spi.LockStore;
import dev.orchestrator.spi.LockStore.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of maintenance locks does. */
abstract class LockStoreContract extends StoreContract {
    private static final Duration LONG = Duration.ofMinutes(1);
    private LockStore locks;

    LockStoreContract(Supplier<TestBackend> kind) {
        super(kind);
    }

    @BeforeEach
    void store() {
        locks = backend.locks();
    }

    private static LockRequest exclusive(InstanceKey... keys) {
        return LockRequest.of(List.of(keys), List.of());
    }

    private static LockRequest shared(InstanceKey... keys) {
        return LockRequest.of(List.of(), List.of(keys));
    }

    private String granted(LockRequest request) {
        Attempt attempt = locks.acquire(request, BOB, "move", LONG);
        assertThat(attempt.blockers()).isEmpty();
        return java.util.Objects.requireNonNull(attempt.token());
    }

    private void refused(LockRequest request, InstanceKey by) {
        Attempt attempt = locks.acquire(request, BOB, "move", LONG);
        assertThat(attempt.token()).isNull();
        assertThat(attempt.blockers()).extracting(LockInfo::instance).contains(by);
    }

    private String locked(InstanceKey... keys) {
        Attempt attempt = locks.acquire(exclusive(keys), ANNE, "upgrade", LONG);
        assertThat(attempt.blockers()).isEmpty();
        return java.util.Objects.requireNonNull(attempt.token());
    }

    @Test
    void showsTheHolderOfALock() {
        String token = locked(DB3, DB1);
        LockInfo lock = locks.find(DB1).orElseThrow();
        assertThat(lock.owner()).isEqualTo(ANNE);
        assertThat(lock.reason()).isEqualTo("upgrade");
        assertThat(lock.token()).isEqualTo(token);
        assertThat(lock.age()).isBetween(Duration.ZERO, Duration.ofSeconds(10));
        assertThat(Duration.between(lock.since(), lock.expiresAt())).isEqualTo(LONG);
        assertThat(locks.active()).extracting(LockInfo::instance).containsExactly(DB3, DB1);
        assertThat(locks.find(DB2)).isEmpty();
    }

    @Test
    void aPersonsMaintenanceIsToldFromAChangeThatRuns() {
        locked(DB1);
        locks.acquire(LockRequest.forMaintenance(DB2), ANNE, "upgrade", LONG);
        assertThat(locks.find(DB1).orElseThrow().isByHand()).isFalse();
        assertThat(locks.find(DB2).orElseThrow().isByHand()).isTrue();
    }

    @Test
    void refusesALockedInstanceAndThenLocksNothing() {
        locked(DB2);
        Attempt refused = locks.acquire(exclusive(DB3, DB2, DB1), BOB, "other", LONG);
        assertThat(refused.token()).isNull();
        assertThat(refused.blockers()).singleElement().satisfies(b -> {
            assertThat(b.instance()).isEqualTo(DB2);
            assertThat(b.owner()).isEqualTo(ANNE);
        });
        assertThat(locks.active()).hasSize(1);
    }

    @Test
    void locksAreNotReentrantEvenForTheSameOwner() {
        locked(DB1);
        assertThat(locks.acquire(exclusive(DB1), ANNE, "again", LONG).token()).isNull();
        assertThat(locks.acquire(exclusive(DB2, DB2), ANNE, "named twice", LONG).token())
                .isNotNull();
    }

    @Test
    void releasesByTokenOnlyOnce() {
        String token = locked(DB1, DB2);
        assertThat(locks.release("unknown")).isZero();
        assertThat(locks.release(token)).isEqualTo(2);
        assertThat(locks.release(token)).isZero();
        assertThat(locks.extend(token, LONG)).isZero();
        assertThat(locked(DB1)).isNotEqualTo(token);
    }

    @Test
    void replacesALockThatHasRunOut() {
        Attempt first = locks.acquire(exclusive(DB1, DB2), ANNE, "crashes soon", Duration.ofMillis(30));
        await().until(() -> locks.find(DB1).isEmpty());
        assertThat(locks.extend(java.util.Objects.requireNonNull(first.token()), LONG))
                .as("what has run out is lost")
                .isZero();
        locked(DB1);
        assertThat(locks.active()).hasSize(1);
    }

    @Test
    void extendsALockFromNow() {
        String token = locked(DB1, DB2);
        assertThat(locks.extend(token, Duration.ofHours(1))).isEqualTo(2);
        LockInfo lock = locks.find(DB1).orElseThrow();
        assertThat(Duration.between(lock.since(), lock.expiresAt())).isGreaterThanOrEqualTo(Duration.ofHours(1));
        assertThat(locks.end(DB2)).isPresent();
        assertThat(locks.extend(token, LONG)).as("one was lost").isEqualTo(1);
    }

    @Test
    void isEndedByAPersonByInstanceOrNumber() {
        locked(DB1, DB2);
        assertThat(locks.end(DB1)).map(LockInfo::owner).contains(ANNE);
        assertThat(locks.end(DB1)).isEmpty();
        long id = locks.find(DB2).orElseThrow().id();
        assertThat(id).isPositive();
        assertThat(locks.end(id)).map(LockInfo::instance).contains(DB2);
        assertThat(locks.end(id)).isEmpty();
        assertThat(locks.end(-1)).isEmpty();
    }

    @Test
    void copesWithAnyTextAndAnyDuration() {
        dev.orchestrator.api.Actor wild = new dev.orchestrator.api.Actor(WILD, ANNE.origin(), "n");
        assertThat(locks.acquire(exclusive(DB1), wild, WILD, Duration.ofDays(36_525))
                        .token())
                .isNotNull();
        assertThat(locks.find(DB1)).hasValueSatisfying(lock -> {
            assertThat(lock.reason()).isEqualTo(WILD);
            assertThat(lock.owner()).isEqualTo(wild);
        });
        assertThat(locks.acquire(exclusive(DB2), ANNE, "", Duration.ofSeconds(Long.MIN_VALUE))
                        .token())
                .isNotNull();
        assertThat(locks.find(DB2)).isEmpty();
        assertThat(locks.acquire(exclusive(DB2), ANNE, "", Duration.ZERO).token())
                .isNotNull();
        assertThat(locks.acquire(exclusive(DB2), ANNE, "", Duration.ofSeconds(Long.MAX_VALUE))
                        .token())
                .isNotNull();
        assertThat(locks.find(DB2)).isPresent();
        assertThat(locks.acquire(exclusive(), ANNE, "", LONG).blockers()).isEmpty();
    }

    @Test
    void removesOldLocksOnly() {
        locks.release(locked(DB1));
        locks.acquire(exclusive(DB2), ANNE, "runs out", Duration.ZERO);
        locked(DB3);
        assertThat(locks.purge(Duration.ofHours(1))).isZero();
        await().until(() -> locks.purge(Duration.ZERO) == 2);
        assertThat(locks.active()).hasSize(1);
    }

    @Test
    void sharedLocksStandBesideEachOther() {
        String one = granted(LockRequest.of(List.of(DB1), List.of(DB3)));
        String two = granted(LockRequest.of(List.of(DB2), List.of(DB3)));
        assertThat(locks.active())
                .filteredOn(l -> l.instance().equals(DB3))
                .hasSize(2)
                .allMatch(LockInfo::shared);
        assertThat(locks.find(DB3)).as("it is in nobody's maintenance").isEmpty();
        assertThat(locks.find(DB1))
                .hasValueSatisfying(l -> assertThat(l.shared()).isFalse());
        assertThat(locks.extend(one, LONG)).isEqualTo(2);
        assertThat(locks.release(one)).isEqualTo(2);
        refused(exclusive(DB3), DB3);
        assertThat(locks.release(two)).isEqualTo(2);
        granted(exclusive(DB3));
    }

    @Test
    void anExclusiveLockAndASharedOneExcludeEachOther() {
        String source = granted(shared(DB3));
        refused(exclusive(DB1, DB3), DB3);
        refused(LockRequest.of(List.of(DB3), List.of(DB2)), DB3);
        assertThat(locks.active()).as("nothing is left of a refused attempt").hasSize(1);
        locks.release(source);
        String changed = locked(DB3);
        refused(shared(DB2, DB3), DB3);
        refused(LockRequest.of(List.of(DB1), List.of(DB3)), DB3);
        assertThat(locks.active()).hasSize(1);
        locks.release(changed);
        granted(shared(DB3));
    }

    @Test
    void aRecoveryTakesItsLockOverSharedOnesAndOverNoOther() {
        String move = granted(LockRequest.of(List.of(DB1), List.of(DB3)));
        refused(LockRequest.forRecovery(List.of(DB1, DB3)), DB1);
        String recovery = granted(LockRequest.forRecovery(List.of(DB2, DB3)));
        refused(shared(DB3), DB3);
        refused(LockRequest.forRecovery(List.of(DB3)), DB3);
        assertThat(locks.extend(move, LONG)).as("the move goes on").isEqualTo(2);
        assertThat(locks.release(recovery)).isEqualTo(2);
        refused(exclusive(DB3), DB3);
        assertThat(locks.release(move)).isEqualTo(2);
    }

    @Test
    void whatIsNamedForBothIsLockedExclusively() {
        granted(LockRequest.of(List.of(DB1), List.of(DB1, DB2)));
        assertThat(locks.active())
                .filteredOn(LockInfo::shared)
                .singleElement()
                .satisfies(l -> assertThat(l.instance()).isEqualTo(DB2));
    }

    @Test
    void aSharedLockRunsOutIsEndedByNumberAndIsPurged() {
        locks.acquire(shared(DB1), ANNE, "crashes soon", Duration.ofMillis(30));
        await().until(() -> locks.active().isEmpty());
        locked(DB1);
        granted(shared(DB2));
        assertThat(locks.end(DB2)).as("ends maintenance only").isEmpty();
        long id = locks.active().stream()
                .filter(LockInfo::shared)
                .findFirst()
                .orElseThrow()
                .id();
        assertThat(locks.end(id)).map(LockInfo::instance).contains(DB2);
        await().until(() -> locks.purge(Duration.ZERO) == 2);
        assertThat(locks.active()).hasSize(1);
    }

    @Test
    void neverHasTwoHoldersHoweverManyTry() throws Exception {
        List<InstanceKey> keys = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            keys.add(new InstanceKey("db" + i, 3306));
        }
        assertThat(contend(keys, random -> some(keys, random), 60)).isGreaterThan(20);
    }

    @Test
    void neverHasAnExclusiveAndASharedHolderHoweverManyTry() throws Exception {
        List<LockRequest> either = List.of(exclusive(DB1), shared(DB1), shared(DB1));
        assertThat(contend(List.of(DB1), random -> either.get(random.nextInt(3)), 150))
                .isGreaterThan(20);
    }

    /** Several nodes at once; how many requests were granted. */
    private int contend(List<InstanceKey> keys, Function<Random, LockRequest> next, int times) throws Exception {
        int nodes = 6;
        Holders holders = new Holders(keys);
        AtomicInteger granted = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(nodes);
        ExecutorService pool = Executors.newFixedThreadPool(nodes);
        List<Future<?>> all = new ArrayList<>();
        try {
            for (int n = 0; n < nodes; n++) {
                Random random = new Random(n);
                all.add(pool.submit((Callable<Void>) () -> {
                    try (JooqBackend own = place.open(JooqBackendOptions.forCommand())) {
                        for (int i = 0; i < times; i++) {
                            together.await(60, TimeUnit.SECONDS);
                            if (tryLock(own.locks(), next.apply(random), holders)) {
                                granted.incrementAndGet();
                            }
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get(120, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(holders.faults).isEmpty();
        assertThat(locks.active()).isEmpty();
        return granted.get();
    }

    /** One in five is a recovery; the others change some and need some as they are. */
    private static LockRequest some(List<InstanceKey> keys, Random random) {
        List<InstanceKey> shuffled = new ArrayList<>(keys);
        Collections.shuffle(shuffled, random);
        int exclusive = random.nextInt(4);
        int shared = exclusive == 0 ? 1 + random.nextInt(3) : random.nextInt(4);
        List<InstanceKey> changed = shuffled.subList(0, exclusive);
        return exclusive > 0 && random.nextInt(5) == 0
                ? LockRequest.forRecovery(changed)
                : LockRequest.of(changed, shuffled.subList(exclusive, exclusive + shared));
    }

    private static boolean tryLock(LockStore store, LockRequest request, Holders holders) {
        String token = store.acquire(request, ANNE, "fuzz", LONG).token();
        if (token == null) {
            return false;
        }
        holders.take(request);
        // Held for a moment: two holders at once are to be seen.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        holders.give(request);
        if (store.release(token) != request.all().size()) {
            holders.faults.add("lost some of " + request);
        }
        return true;
    }

    /** Who holds what, as those who were granted it see it. */
    private static final class Holders {
        private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
        private final List<InstanceKey> keys;
        private final AtomicIntegerArray exclusive;
        private final AtomicIntegerArray recoveries;
        private final AtomicIntegerArray shared;

        Holders(List<InstanceKey> keys) {
            this.keys = keys;
            this.exclusive = new AtomicIntegerArray(keys.size());
            this.recoveries = new AtomicIntegerArray(keys.size());
            this.shared = new AtomicIntegerArray(keys.size());
        }

        void take(LockRequest request) {
            for (InstanceKey key : request.exclusive()) {
                int i = keys.indexOf(key);
                if (request.overShared()) {
                    recoveries.incrementAndGet(i);
                }
                if (exclusive.incrementAndGet(i) != 1) {
                    faults.add("two holders of " + key);
                }
                if (!request.overShared() && shared.get(i) > 0) {
                    faults.add(key + " is changed while it serves as a source");
                }
            }
            for (InstanceKey key : request.shared()) {
                int i = keys.indexOf(key);
                shared.incrementAndGet(i);
                // Recoveries first: one that is just beginning counts itself there before it counts as exclusive.
                int beside = recoveries.get(i);
                if (exclusive.get(i) > 0 && beside == 0 && recoveries.get(i) == 0 && exclusive.get(i) > 0) {
                    faults.add(key + " serves as a source while it is changed");
                }
            }
        }

        void give(LockRequest request) {
            for (InstanceKey key : request.exclusive()) {
                int i = keys.indexOf(key);
                exclusive.decrementAndGet(i);
                if (request.overShared()) {
                    recoveries.decrementAndGet(i);
                }
            }
            request.shared().forEach(key -> shared.decrementAndGet(keys.indexOf(key)));
        }
    }
}
