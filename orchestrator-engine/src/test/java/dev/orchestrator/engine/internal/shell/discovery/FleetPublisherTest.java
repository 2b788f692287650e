package dev.orchestrator.engine.internal.shell.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever leads next learns of a promoted server although nobody has read it since. */
class FleetPublisherTest extends OnFakes {
    private static final InstanceKey FORMER = InstanceKey.parse("db1:3306");
    private static final InstanceKey PROMOTED = InstanceKey.parse("db2:3306");

    private final FleetPublisher snapshot = new FleetPublisher(rig.discovery, backend.instances());

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasMadeOfAPromotedServerIsStored(boolean leads) {
        gateway.chainOfFour();
        if (leads) {
            rig.lead();
        }
        rig.discover("db1:3306");
        assertThat(rig.keys()).hasSize(4);
        promote();
        await().untilAsserted(this::isStored);
    }

    @Test
    void theBackendMayBeAwayInThatMoment() {
        gateway.chainOfFour();
        rig.discover("db1:3306");
        assertThat(rig.keys()).hasSize(4);
        backend.goAway();
        promote();
        backend.comeBack();
        await().untilAsserted(this::isStored);
    }

    private void promote() {
        Instance before = rig.discovery.known().instance(PROMOTED).orElseThrow();
        assertThat(before.channels()).isNotEmpty();
        rig.discovery.became(
                before.toBuilder().channels(List.of()).readOnly(false).build());
        RecoveryRecord record = RecoveryRecord.builder(
                        "r1",
                        rig.discovery.known().member(FORMER).orElseThrow().cluster(),
                        AnalysisCode.DEAD_PRIMARY,
                        FORMER,
                        new Actor("alice", Origin.CLI, "n"),
                        Instant.EPOCH)
                .successor(PROMOTED)
                .build();
        snapshot.onEvent(new OrchestratorEvent.PrimaryPromoted(Instant.EPOCH, record));
    }

    private void isStored() {
        Instance stored = backend.instances().readFleet().instance(PROMOTED).orElseThrow();
        assertThat(stored.channels()).isEmpty();
        assertThat(stored.isWritable()).isTrue();
    }
}
