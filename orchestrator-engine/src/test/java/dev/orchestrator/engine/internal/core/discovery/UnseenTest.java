package dev.orchestrator.engine.internal.core.discovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.engine.fleet.FleetBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnseenTest {
    private static final Instant READ = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration DAYS = Duration.ofDays(10);
    private static final Instant NOW = READ.plus(DAYS).plusSeconds(60);

    private final Fleet stored =
            new FleetBuilder(READ).primary("db1").replica("db2", "db1").build();

    private Fleet with(Observation observation) {
        FleetMember known = stored.member(observation.key()).orElseThrow();
        return stored.with(List.of(known.observed(observation)));
    }

    private static Observation failed(Instant at) {
        ProbeFailure failure = new ProbeFailure(ProbeFailure.Kind.TIMEOUT, "no answer");
        return new Observation.Failed(key("db1"), failure, at, Duration.ZERO);
    }

    @Test
    void sparesWhoWasNotPolledYetHoweverOldItsRowIs() {
        assertThat(Unseen.spared(stored, NOW.minusSeconds(10), NOW, DAYS)).containsOnly(key("db1"), key("db2"));
    }

    @Test
    void sparesWhoAnswersAndNotWhoDoesNot() {
        Instant since = NOW.minusSeconds(10);
        Fleet failing = with(failed(NOW.minusSeconds(1)));
        assertThat(Unseen.spared(failing, since, NOW, DAYS)).containsOnly(key("db2"));
        Fleet answering = with(
                new Observation.Seen(stored.instance(key("db1")).orElseThrow(), NOW.minusSeconds(1), Duration.ZERO));
        assertThat(Unseen.spared(answering, since, NOW, DAYS)).containsOnly(key("db1"), key("db2"));
    }

    @Test
    void sparesWhoWasSeenByTheClockThatStampsThoughTheBackendsIsFarAhead() {
        Fleet failing = with(failed(READ.plusSeconds(5)));
        assertThat(Unseen.spared(failing, READ, READ.plusSeconds(9), DAYS)).contains(key("db1"));
    }
}
