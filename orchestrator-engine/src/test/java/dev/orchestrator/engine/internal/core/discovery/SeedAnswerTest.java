package dev.orchestrator.engine.internal.core.discovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SeedAnswerTest {
    private static final InstanceKey DB1 = key("db1");
    private static final Observation.Failed SILENT = SeedAnswer.silence(DB1, Instant.EPOCH, Duration.ofSeconds(2));

    @Test
    void onlyWhoWasSlowHasASecondTry() {
        ProbeFailure refused = new ProbeFailure(ProbeFailure.Kind.ACCESS_DENIED, "who?");
        assertThat(SeedAnswer.isSlow(SILENT)).isTrue();
        assertThat(SeedAnswer.isSlow(new Observation.Failed(DB1, refused, Instant.EPOCH, Duration.ZERO)))
                .isFalse();
    }

    @Test
    void saysWhatFailed() {
        assertThatThrownBy(() -> SeedAnswer.seen(SILENT))
                .hasMessage("cannot read " + DB1 + ": no answer within 2000 ms");
        assertThatThrownBy(() -> SeedAnswer.found(Fleet.empty(), DB1)).hasMessageContaining("was forgotten while");
        assertThat(SeedAnswer.forgotten(DB1, Duration.ofSeconds(15))).hasMessageContaining("try again in 15 s");
    }
}
