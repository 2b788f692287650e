package dev.orchestrator.engine.internal.shell.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real servers that crash, freeze and only stumble, watched with the default configuration. */
class RealFailuresTest {
    private static final Logger log = LoggerFactory.getLogger(RealFailuresTest.class);

    @RegisterExtension
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(3);

    private final RealWatch real = new RealWatch();

    @BeforeEach
    void discoverAll() {
        real.discover(topology.topology());
    }

    @AfterEach
    void close() {
        real.close();
    }

    private Duration awaitDead(long from) {
        real.awaitDead();
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        log.info("dead after {} ms: {}", took.toMillis(), real.handled.get(0).evidence());
        real.events.forEach(e -> log.debug("{}", e));
        return took;
    }

    @Test
    void aKilledPrimaryIsFoundDeadInAMoment() {
        try (ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
            writer.awaitAcknowledged(20, Duration.ofSeconds(10));
            long killed = System.nanoTime();
            topology.primary().kill9();
            assertThat(awaitDead(killed)).isLessThan(Duration.ofSeconds(2));
        }
        assertThat(real.audit).isEmpty();
    }

    @Test
    void aFrozenPrimaryIsFoundDeadByOneReceiverTest() {
        try (ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
            writer.awaitAcknowledged(20, Duration.ofSeconds(10));
            long frozen = System.nanoTime();
            topology.primary().freeze();
            assertThat(awaitDead(frozen)).isLessThan(Duration.ofSeconds(6));
        } finally {
            topology.primary().thaw();
        }
        assertThat(real.audit)
                .singleElement()
                .satisfies(e -> assertThat(e.message()).contains("does not find its source either"));
    }

    @Test
    void aPrimaryThatStumblesIsNotFoundDead() {
        topology.primary().freeze();
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !real.watch.findings().isEmpty());
        topology.primary().thaw();
        await().atMost(Duration.ofSeconds(10)).until(() -> real.watch.findings().isEmpty());
        assertThat(real.handled).isEmpty();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> topology.topology().replicas().stream()
                        .allMatch(r -> "Yes".equals(r.replicaStatus().get("Replica_IO_Running"))));
    }

    @Test
    void aPrimaryThatOnlyWeCannotReachIsNotFoundDead() {
        real.cuttable.cut(topology.primary().key(), ProbeFailure.Kind.TIMEOUT);
        await().atMost(Duration.ofSeconds(15)).until(() -> !real.audit.isEmpty());
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(10))
                .until(() -> real.handled.isEmpty()
                        && real.watch.findings().stream().anyMatch(f -> f.code() == AnalysisCode.UNREACHABLE_PRIMARY));
        assertThat(real.audit)
                .singleElement()
                .satisfies(e -> assertThat(e.message()).contains("it found its source, which lives"));
        assertThat(real.watch.findings().get(0).evidence())
                .anySatisfy(e -> assertThat(e).contains("has reached its source since the failure began"));
    }
}
