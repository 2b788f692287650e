package dev.orchestrator.jooq;

import dev.orchestrator.api.LockInfo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.LockStore;
import dev.orchestrator.spi.LockStore.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
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

    private String locked(InstanceKey... keys) {
        Attempt attempt = locks.acquire(List.of(keys), ANNE, "upgrade", LONG);
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
    void refusesALockedInstanceAndThenLocksNothing() {
        locked(DB2);
        Attempt refused = locks.acquire(List.of(DB3, DB2, DB1), BOB, "other", LONG);
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
        assertThat(locks.acquire(List.of(DB1), ANNE, "again", LONG).token()).isNull();
        assertThat(locks.acquire(List.of(DB2, DB2), ANNE, "named twice", LONG).token())
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
        Attempt first = locks.acquire(List.of(DB1, DB2), ANNE, "crashes soon", Duration.ofMillis(30));
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
        dev.orchestrator.api.Actor wild = new dev.orchestrator.api.Actor(WILD, ANNE.door(), "n");
        assertThat(locks.acquire(List.of(DB1), wild, WILD, Duration.ofDays(36_525))
                        .token())
                .isNotNull();
        assertThat(locks.find(DB1)).hasValueSatisfying(lock -> {
            assertThat(lock.reason()).isEqualTo(WILD);
            assertThat(lock.owner()).isEqualTo(wild);
        });
        assertThat(locks.acquire(List.of(DB2), ANNE, "", Duration.ofSeconds(Long.MIN_VALUE))
                        .token())
                .isNotNull();
        assertThat(locks.find(DB2)).isEmpty();
        assertThat(locks.acquire(List.of(DB2), ANNE, "", Duration.ZERO).token()).isNotNull();
        assertThat(locks.acquire(List.of(DB2), ANNE, "", Duration.ofSeconds(Long.MAX_VALUE))
                        .token())
                .isNotNull();
        assertThat(locks.find(DB2)).isPresent();
        assertThat(locks.acquire(List.of(), ANNE, "", LONG).blockers()).isEmpty();
    }

    @Test
    void removesOldLocksOnly() {
        locks.release(locked(DB1));
        locks.acquire(List.of(DB2), ANNE, "runs out", Duration.ZERO);
        locked(DB3);
        assertThat(locks.purge(Duration.ofHours(1))).isZero();
        await().until(() -> locks.purge(Duration.ZERO) == 2);
        assertThat(locks.active()).hasSize(1);
    }

    @Test
    void neverHasTwoHoldersHoweverManyTry() throws Exception {
        List<InstanceKey> keys = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            keys.add(new InstanceKey("db" + i, 3306));
        }
        int nodes = 6;
        AtomicIntegerArray holders = new AtomicIntegerArray(keys.size());
        AtomicInteger granted = new AtomicInteger();
        List<String> faults = Collections.synchronizedList(new ArrayList<>());
        ExecutorService pool = Executors.newFixedThreadPool(nodes);
        List<Future<?>> all = new ArrayList<>();
        try {
            for (int n = 0; n < nodes; n++) {
                java.util.Random random = new java.util.Random(n);
                all.add(pool.submit((Callable<Void>) () -> {
                    try (JooqBackend own = place.open(JooqBackendOptions.forCommand())) {
                        for (int i = 0; i < 60; i++) {
                            List<InstanceKey> some = new ArrayList<>(keys);
                            Collections.shuffle(some, random);
                            if (tryLock(own.locks(), keys, some.subList(0, 1 + random.nextInt(5)), holders, faults)) {
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
        assertThat(faults).isEmpty();
        assertThat(granted.get()).isGreaterThan(20);
        assertThat(locks.active()).isEmpty();
    }

    private static boolean tryLock(
            LockStore store,
            List<InstanceKey> keys,
            List<InstanceKey> some,
            AtomicIntegerArray holders,
            List<String> faults) {
        String token = store.acquire(some, ANNE, "fuzz", LONG).token();
        if (token == null) {
            return false;
        }
        some.forEach(key -> {
            if (holders.incrementAndGet(keys.indexOf(key)) != 1) {
                faults.add("two holders of " + key);
            }
        });
        some.forEach(key -> holders.decrementAndGet(keys.indexOf(key)));
        if (store.release(token) != some.size()) {
            faults.add("lost some of " + some);
        }
        return true;
    }
}
