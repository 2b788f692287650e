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
                        new SetReadOnly(DB1), decision, List.of(result), List.of(), "it was cancelled", null, List.of())
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

    @Test
    void whatCouldNotBeDoneAfterwardsIsSaidAndChangesNothing() {
        OperationOutcome done = new OperationOutcome(
                new SetReadOnly(DB1), new Decision(null, List.of(), null), List.of(), List.of(), null, null, List.of());
        OperationOutcome noted = done.noting("").noting("it is not shown yet");
        assertThat(noted.succeeded()).isTrue();
        assertThat(SetReadOnly.TYPE.done(noted)).isEqualTo(SetReadOnly.TYPE.done(done) + "; it is not shown yet");
    }
}
