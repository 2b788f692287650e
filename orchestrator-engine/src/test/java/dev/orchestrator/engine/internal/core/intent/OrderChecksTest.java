package dev.orchestrator.engine.internal.core.intent;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderChecksTest {
    private static final InstanceKey DB1 = key("db1");

    @ParameterizedTest
    @CsvSource({"disk, PT1S", "disk, P3650D"})
    void aDowntimeHasAReasonAndAnEnd(String reason, Duration time) {
        assertThatCode(() -> OrderChecks.downtime(DB1, reason, time)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"' ', PT1S", "disk, PT0S", "disk, PT-1S", "disk, P3651D"})
    void otherwiseItIsRefused(String reason, Duration time) {
        refused(ErrorCode.INVALID_INPUT, () -> OrderChecks.downtime(DB1, reason, time));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 129})
    void aPoolHasANameThatCanBeStored(int length) {
        assertThatCode(() -> OrderChecks.pool("p".repeat(128))).doesNotThrowAnyException();
        refused(ErrorCode.INVALID_INPUT, () -> OrderChecks.pool("p".repeat(length)));
    }

    @Test
    void refusesWhatIsUnknownReservedOrEmpty() {
        refused(ErrorCode.UNKNOWN_INSTANCE, () -> OrderChecks.known(Fleet.empty(), DB1, "a downtime"));
        refused(ErrorCode.UNKNOWN_CLUSTER, () -> OrderChecks.alias(Fleet.empty(), new ClusterId("none"), "main"));
        refused(ErrorCode.INVALID_INPUT, () -> OrderChecks.promotionRule(PromotionRule.MUST));
        refused(ErrorCode.INVALID_INPUT, () -> OrderChecks.acknowledgement(" "));
    }

    private static void refused(ErrorCode code, ThrowingCallable order) {
        assertThatThrownBy(order)
                .isInstanceOfSatisfying(
                        OrchestratorException.class,
                        e -> org.assertj.core.api.Assertions.assertThat(e.code())
                                .isEqualTo(code));
    }
}
