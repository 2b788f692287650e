package dev.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wall clock of the node is set back by an hour while it watches: readings are as old as they are. */
@RealServers
class RealClockJumpTest extends RecoveryOnRealServers {
    private static final AtomicReference<Duration> SET_BACK = new AtomicReference<>(Duration.ZERO);

    RealClockJumpTest() {
        super(
                TopologyExtension.primaryWithReplicas(2),
                c -> c.primaryRecoveryFilters(List.of("*")),
                () -> InstantSource.system().instant().minus(SET_BACK.get()));
    }

    @BeforeEach
    void right() {
        SET_BACK.set(Duration.ZERO);
    }

    private Instant lastSeen() {
        return engine.fleet()
                .member(topology.primary().key())
                .map(FleetMember::lastSeen)
                .orElseThrow();
    }

    @Test
    void serversAreReadOnAndADeathIsFound() {
        SET_BACK.set(Duration.ofHours(1));
        Instant before = lastSeen();
        await().atMost(PATIENCE).until(() -> lastSeen().isAfter(before));
        topology.primary().kill9();
        assertThat(awaitRecovery().failed()).isEqualTo(topology.primary().key());
    }
}
