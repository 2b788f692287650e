package dev.orchestrator.engine.internal.core.discovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.ProbeFailure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CandidateTest {
    @ParameterizedTest
    @CsvSource({
        "SOURCE, TIMEOUT, true",
        "REPLICA, TIMEOUT, true",
        "GROUP_MEMBER, TIMEOUT, true",
        "SEED, TIMEOUT, false",
        "SEED, ACCESS_DENIED, true",
        "OWN_NAME, ACCESS_DENIED, false",
        "REPLICA_WITH_ASSUMED_PORT, ACCESS_DENIED, false"
    })
    void joinsWithoutAnAnswerWhereThereMustBeAServer(Candidate.Origin origin, ProbeFailure.Kind kind, boolean joins) {
        Candidate candidate = new Candidate(key("db1"), origin, null);
        assertThat(candidate.joinsUnseen(new ProbeFailure(kind, "why"))).isEqualTo(joins);
    }
}
