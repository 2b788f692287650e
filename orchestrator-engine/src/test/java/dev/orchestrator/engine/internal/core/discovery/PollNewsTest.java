package dev.orchestrator.engine.internal.core.discovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.engine.fleet.FleetBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PollNewsTest {
    private final Fleet fleet =
            new FleetBuilder(Instant.EPOCH).primary("db1").replica("db2", "db1").build();

    private PollNews failed(String host, ProbeFailure.Kind kind) {
        ProbeFailure failure = new ProbeFailure(kind, "why");
        return PollNews.of(
                new Observation.Failed(key(host), failure, Instant.EPOCH, Duration.ZERO),
                fleet.member(key(host)),
                fleet);
    }

    @Test
    void aSourceThatIsSilentIsToBeSuspected() {
        PollNews news = failed("db1", ProbeFailure.Kind.TIMEOUT);
        assertThat(news.silence()).isPresent();
        assertThat(news.repeated()).isFalse();
        assertThat(news.ending()).isEqualTo(new PollSchedule.Ending(false, false, true));
    }

    @Test
    void oneThatRefusesIsThere() {
        PollNews news = failed("db1", ProbeFailure.Kind.ACCESS_DENIED);
        assertThat(news.silence()).isEmpty();
        assertThat(news.ending()).isEqualTo(new PollSchedule.Ending(false, true, true));
    }

    @Test
    void nothingHangsOnAReplicaOrAnUnknownName() {
        assertThat(failed("db2", ProbeFailure.Kind.TIMEOUT).silence()).isEmpty();
        assertThat(failed("vip", ProbeFailure.Kind.TIMEOUT).silence()).isEmpty();
    }

    @Test
    void anAnswerTellsTheFacts() {
        Observation seen = new Observation.Seen(fleet.instance(key("db1")).orElseThrow(), Instant.EPOCH, Duration.ZERO);
        PollNews news = PollNews.of(seen, fleet.member(key("db1")), fleet);
        assertThat(news.ending()).isEqualTo(new PollSchedule.Ending(true, true, true));
        assertThat(news.isFurtherName()).isFalse();
        assertThat(news.follow()).isPresent();
        assertThat(PollNews.of(seen, Optional.empty(), Fleet.empty()).follow())
                .as("of one that is no member yet")
                .isEmpty();
    }
}
