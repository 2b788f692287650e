package dev.orchestrator.api.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.ServerResult.Ending;
import dev.orchestrator.api.operation.WriteOperation.SetReadOnly;
import dev.orchestrator.api.plan.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationOutcomeTest {
    private static final InstanceKey DB1 = InstanceKey.parse("db1:3306");

    private static String problem(ServerResult result) {
        Decision decision = new Decision(null, List.of(), null);
        return new OperationOutcome(
                        new SetReadOnly(DB1), decision, List.of(result), List.of(), "it was cancelled", null)
                .problem();
    }

    @Test
    void saysWhatWasDoneOrMayHaveBeenThoughTheOrderFailed() {
        assertThat(problem(new ServerResult(DB1, Ending.FAILED, List.of("become read-only"), "it was cancelled", null)))
                .contains("cannot set-read-only")
                .contains("has done: become read-only");
        assertThat(problem(new ServerResult(DB1, Ending.UNKNOWN, List.of(), "become read-only: no answer yet", null)))
                .contains("unknown (become read-only: no answer yet)");
    }

    @Test
    void isShortWhenNothingWasDone() {
        assertThat(problem(new ServerResult(DB1, Ending.FAILED, List.of(), "it was cancelled", null)))
                .isEqualTo("cannot set-read-only db1:3306: it was cancelled");
    }
}
