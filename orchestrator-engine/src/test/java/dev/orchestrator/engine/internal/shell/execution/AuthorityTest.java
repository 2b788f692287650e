package dev.orchestrator.engine.internal.shell.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.engine.internal.shell.lock.OperationLocks;
import dev.orchestrator.spi.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuthorityTest {
    private final AtomicReference<@Nullable Lease> held = new AtomicReference<>();
    private final Leadership leadership = () -> Optional.ofNullable(held.get()).map(l -> new Leadership.Held(l, 42));

    private static Lease lease(long epoch, String token) {
        return new Lease("leader", "n", token, epoch, Duration.ofSeconds(3));
    }

    private static void assertRefused(Authority authority, ErrorCode code) {
        assertThatThrownBy(authority::check)
                .isInstanceOfSatisfying(
                        OrchestratorException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void theRightOfALeaseLastsAsLongAsThisVeryLease() {
        Lease lease = lease(7, "t");
        Authority authority = Authority.ofLease(leadership, lease);
        assertRefused(authority, ErrorCode.NOT_LEADER);
        held.set(lease);
        assertThat(authority.check()).isEqualTo(42);
        held.set(lease(8, "t"));
        assertRefused(authority, ErrorCode.NOT_LEADER);
        held.set(lease(7, "another"));
        assertRefused(authority, ErrorCode.NOT_LEADER);
    }

    @Test
    void theRightOfLocksNeverReachesBeyondThem() {
        SettableTime time = new SettableTime();
        InMemoryBackend backend = new InMemoryBackend(time);
        try (OperationLocks locks = new OperationLocks(backend.locks(), e -> {}, Duration.ofSeconds(10), time)) {
            MaintenanceLock lock =
                    locks.acquire(List.of(new InstanceKey("db1", 1)), new Actor("alice", Origin.CLI, "node1"), "test");
            Authority authority = Authority.ofLocks(lock, time);
            long end = authority.check();
            assertThat(end - time.nanos()).isBetween(1L, Duration.ofSeconds(10).toNanos());
            time.advance(Duration.ofSeconds(5));
            assertThat(authority.check()).isEqualTo(end);
            time.advance(Duration.ofSeconds(5));
            assertRefused(authority, ErrorCode.LOCK_LOST);
        }
    }

    @Test
    void whoHasNoRightIsRefused() {
        assertRefused(Authority.none(), ErrorCode.NOT_LEADER);
    }
}
