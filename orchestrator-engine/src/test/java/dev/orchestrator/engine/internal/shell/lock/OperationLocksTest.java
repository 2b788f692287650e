package dev.orchestrator.engine.internal.shell.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.spi.LockStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationLocksTest {
    private static final InstanceKey DB1 = InstanceKey.parse("db1");
    private static final InstanceKey DB2 = InstanceKey.parse("db2");
    private static final InstanceKey DB3 = InstanceKey.parse("db3");
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final Actor ALICE = new Actor("alice", Origin.CLI, "host1");
    private static final Actor BOB = new Actor("bob", Origin.HTTP, "host2");

    private final SettableTime time = new SettableTime();
    private final InMemoryBackend backend = new InMemoryBackend(time);
    private final List<AuditEntry> audit = new CopyOnWriteArrayList<>();
    private final OperationLocks locks = new OperationLocks(backend.locks(), audit::add, TTL, time);

    @AfterEach
    void close() {
        locks.close();
    }

    @Test
    void takesSeveralInOneOrderOrNone() {
        try (MaintenanceLock held = locks.acquire(List.of(DB2, DB1, DB2), ALICE, "relocate")) {
            assertThat(held.instances()).containsExactly(DB1, DB2);
            assertThat(held.isHeld()).isTrue();
            assertRefused(() -> locks.acquire(List.of(DB3, DB2), BOB, "move"));
            assertThat(locks.find(DB3))
                    .as("nothing is left of a refused attempt")
                    .isEmpty();
        }
        assertThat(locks.active()).isEmpty();
    }

    @Test
    void aRefusalNamesHolderReasonAndAge() {
        MaintenanceLock held = locks.acquire(List.of(DB1), ALICE, "swap\ndisks 'now' 🙂");
        time.advance(Duration.ofMillis(7_300));
        assertRefused(() -> locks.acquire(List.of(DB1), BOB, "move"))
                .hasMessageContaining("db1:3306")
                .hasMessageContaining("alice (cli@host1)")
                .hasMessageContaining("swap disks 'now' 🙂")
                .hasMessageContaining("7 s")
                .hasMessageContaining("nothing was changed");
        held.close();
    }

    @Test
    void aLongReasonIsKeptWholeAndShownShort() {
        String reason = "🙂".repeat(10_000);
        try (MaintenanceLock held = locks.acquire(List.of(DB1), ALICE, reason)) {
            assertThat(held.isHeld()).isTrue();
            assertThat(locks.find(DB1)).map(LockInfo::reason).contains(reason);
            assertThatThrownBy(() -> locks.acquire(List.of(DB1), BOB, "move"))
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(700));
        }
    }

    @Test
    void aHeldLockIsCertainUntilItsEndUnlessExtended() {
        MaintenanceLock held = locks.acquire(List.of(DB1), ALICE, "relocate");
        time.advance(Duration.ofSeconds(9).minusNanos(1));
        assertThat(held.isHeld()).isTrue();
        time.advance(Duration.ofNanos(1));
        assertThat(held.isHeld()).isFalse();
        assertLost(held);
    }

    @Test
    void aHeartbeatExtendsIt() {
        HeldLock held = (HeldLock) locks.acquire(List.of(DB1, DB2), ALICE, "relocate");
        for (int i = 0; i < 10; i++) {
            time.advance(TTL.dividedBy(3));
            held.extend();
            assertThatCode(held::check).doesNotThrowAnyException();
        }
        assertThat(locks.active()).hasSize(2);
    }

    @Test
    void theHeartbeatRunsByItselfWhileHeldAndEndsWithTheLock() {
        InMemoryBackend real = InMemoryBackend.onSystemClock();
        try (OperationLocks beating =
                new OperationLocks(real.locks(), audit::add, Duration.ofMillis(300), System::nanoTime)) {
            MaintenanceLock held = beating.acquire(List.of(DB1), ALICE, "relocate");
            long before = real.calls();
            await().until(() -> real.calls() >= before + 5);
            assertThat(held.isHeld()).isTrue();
            held.close();
            long after = real.calls();
            await().during(Duration.ofMillis(300)).until(() -> real.calls() == after);
        }
    }

    @Test
    void anExtensionThatTheBackendKeepsWaitingLosesNoOtherLock() {
        Duration ttl = Duration.ofMillis(600);
        LockStore real = InMemoryBackend.onSystemClock().locks();
        AtomicReference<String> stalled = new AtomicReference<>("");
        CountDownLatch goOn = new CountDownLatch(1);
        LockStore stalling = (LockStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {LockStore.class}, (proxy, method, args) -> {
                    if (method.getName().equals("extend") && args[0].equals(stalled.get())) {
                        goOn.await();
                    }
                    return method.invoke(real, args);
                });
        try (OperationLocks several = new OperationLocks(stalling, audit::add, ttl, System::nanoTime)) {
            MaintenanceLock slow = several.acquire(List.of(DB1), ALICE, "relocate");
            stalled.set(slow.token());
            MaintenanceLock other = several.acquire(List.of(DB2), ALICE, "relocate");
            await().until(() -> !slow.isHeld());
            await().during(ttl.multipliedBy(2)).until(other::isHeld);
            goOn.countDown();
        }
    }

    @Test
    void aLockThatAPersonEndedIsNoticedByTheNextHeartbeat() {
        HeldLock held = (HeldLock) locks.acquire(List.of(DB1, DB2), ALICE, "relocate");
        assertThat(locks.end(DB2, BOB)).isPresent();
        held.extend();
        assertLost(held).hasMessageContaining("ended by somebody");
        held.close();
        assertThat(locks.active()).as("what was left of it is freed").isEmpty();
    }

    @Test
    void aLockOutlivesABackendThatIsAwayForAMoment() {
        HeldLock held = (HeldLock) locks.acquire(List.of(DB1), ALICE, "relocate");
        backend.goAway();
        time.advance(Duration.ofSeconds(4));
        held.extend();
        assertThat(held.isHeld()).as("still certain").isTrue();
        backend.comeBack();
        held.extend();
        time.advance(Duration.ofSeconds(8));
        assertThat(held.isHeld()).as("extended").isTrue();
        backend.goAway();
        assertThatCode(held::close).doesNotThrowAnyException();
    }

    @Test
    void aCrashedOwnersLockRunsOut() {
        locks.acquire(List.of(DB1), ALICE, "relocate");
        time.advance(TTL);
        assertThat(locks.find(DB1)).isEmpty();
        locks.acquire(List.of(DB1), BOB, "move").close();
    }

    @Test
    void aPersonsLockStandsForItsDurationAndIsRecorded() {
        LockInfo lock = locks.begin(DB1, ALICE, "it's \"broken\"", Duration.ofMinutes(10));
        assertThat(lock.expiresAt()).isEqualTo(time.instant().plus(Duration.ofMinutes(10)));
        assertRefused(() -> locks.begin(DB1, BOB, "me too", Duration.ofMinutes(1)));
        time.advance(Duration.ofMinutes(10));
        assertThat(locks.find(DB1)).isEmpty();
        assertThat(audit).singleElement().satisfies(e -> {
            assertThat(e.type()).isEqualTo("begin-maintenance");
            assertThat(e.actor()).isEqualTo(ALICE);
            assertThat(e.message()).contains("10 min").contains("it's \"broken\"");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-5S", "P36500D", "P365DT1S"})
    void refusesDurationsThatMakeNoSense(String duration) {
        assertThatThrownBy(() -> locks.begin(DB1, ALICE, "x", Duration.parse(duration)))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining("at most 365 days")
                .extracting(e -> ((OrchestratorException) e).code())
                .isEqualTo(ErrorCode.INVALID_INPUT);
        assertThat(backend.calls()).as("never reached the backend").isZero();
    }

    @Test
    void endingSomebodyElsesLockIsAllowedAndRecorded() {
        locks.begin(DB1, ALICE, "disks", Duration.ofMinutes(10));
        assertThat(locks.end(DB1, BOB)).map(l -> l.owner().who()).contains("alice");
        assertThat(locks.end(DB1, BOB)).isEmpty();
        assertThat(audit).last().satisfies(e -> {
            assertThat(e.type()).isEqualTo("end-maintenance");
            assertThat(e.actor()).isEqualTo(BOB);
            assertThat(e.message()).contains("somebody else's").contains("alice");
        });
        assertThat(audit).hasSize(2);
    }

    @Test
    void refusesToLockNothing() {
        assertThatThrownBy(() -> locks.acquire(List.of(), ALICE, "x")).hasMessageContaining("no instance");
    }

    @Test
    void closingEndsWhatIsHeldAndRefusesMore() {
        MaintenanceLock held = locks.acquire(List.of(DB1), ALICE, "x");
        locks.close();
        assertThat(held.isHeld()).isFalse();
        assertThat(backend.locks().active()).isEmpty();
        assertThatThrownBy(() -> locks.acquire(List.of(DB1), ALICE, "x")).hasMessageContaining("closed");
        assertThat(backend.locks().active()).isEmpty();
    }

    @Test
    void aThousandAttemptsNeverMakeTwoHolders() throws Exception {
        List<InstanceKey> keys = IntStream.range(0, 10)
                .mapToObj(i -> InstanceKey.parse("db" + i))
                .toList();
        List<AtomicInteger> holders =
                keys.stream().map(k -> new AtomicInteger()).toList();
        AtomicInteger granted = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(20);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            int first = i % 10;
            int second = (i * 7 + 3) % 10;
            all.add(threads.submit(() -> attempt(keys, holders, granted, first, second)));
        }
        for (Future<?> one : all) {
            one.get(30, TimeUnit.SECONDS);
        }
        threads.shutdownNow();
        assertThat(granted.get()).isPositive();
        assertThat(locks.active()).isEmpty();
    }

    private void attempt(
            List<InstanceKey> keys, List<AtomicInteger> holders, AtomicInteger granted, int first, int second) {
        try (MaintenanceLock lock = locks.acquire(List.of(keys.get(first), keys.get(second)), ALICE, "contend")) {
            granted.incrementAndGet();
            for (InstanceKey key : lock.instances()) {
                assertThat(holders.get(keys.indexOf(key)).incrementAndGet()).isEqualTo(1);
            }
            Thread.onSpinWait();
            lock.instances().forEach(key -> holders.get(keys.indexOf(key)).decrementAndGet());
        } catch (OrchestratorException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.LOCKED);
        }
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable attempt) {
        return assertThatThrownBy(attempt)
                .isInstanceOf(OrchestratorException.class)
                .satisfies(e -> assertThat(((OrchestratorException) e).code()).isEqualTo(ErrorCode.LOCKED));
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertLost(
            MaintenanceLock lock) {
        return assertThatThrownBy(lock::check)
                .isInstanceOf(OrchestratorException.class)
                .satisfies(e -> assertThat(((OrchestratorException) e).code()).isEqualTo(ErrorCode.LOCK_LOST));
    }
}
