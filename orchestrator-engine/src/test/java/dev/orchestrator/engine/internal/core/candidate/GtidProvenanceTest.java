package dev.orchestrator.engine.internal.core.candidate;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class GtidProvenanceTest {
    private static final String P = MemberBuilder.uuid("p");
    private static final String R1 = MemberBuilder.uuid("r1");
    private static final String R2 = MemberBuilder.uuid("r2");

    private final FleetBuilder fleet = new FleetBuilder(Instant.parse("2026-01-01T00:00:00Z"))
            .primary("p")
            .replica("r1", "p")
            .replica("r2", "p")
            .with(m -> m.executed(P + ":1-5"), "p", "r1");

    private static GtidSet errant(GtidProvenance lineage, Fleet fleet, String name) {
        return lineage.errant(fleet.instance(key(name)).orElseThrow());
    }

    @Test
    void whatBeganAtAServerAboveADeadOneIsNotErrantThoughThatWasReadTooEarly() {
        Fleet servers = fleet.with(m -> m.executed(P + ":1-9"), "r2").build();
        assertThat(errant(new GtidProvenance(servers, key("r1")), servers, "r2").isEmpty())
                .isTrue();
    }

    @Test
    void whatBeganAtAFormerPrimaryIsNotErrantAtTheReplicasOfASuccessorThatDied() {
        fleet.with(MemberBuilder::detached, "r1").with(m -> m.executed(P + ":1-9," + R1 + ":1-2"), "r2");
        Fleet servers = fleet.build();
        assertThat(errant(new GtidProvenance(servers, key("r1"), List.of(key("p"))), servers, "r2")
                        .isEmpty())
                .isTrue();
        assertThat(errant(new GtidProvenance(servers, key("r1")), servers, "r2"))
                .isEqualTo(GtidSet.parse(P + ":6-9"));
    }

    @Test
    void whatTheReplicaWroteItselfIsErrantWhoeverWasPrimary() {
        Fleet servers =
                fleet.with(m -> m.executed(P + ":1-9," + R2 + ":1"), "r2").build();
        assertThat(errant(new GtidProvenance(servers, key("r1"), List.of(key("p"))), servers, "r2"))
                .isEqualTo(GtidSet.parse(R2 + ":1"));
    }
}
