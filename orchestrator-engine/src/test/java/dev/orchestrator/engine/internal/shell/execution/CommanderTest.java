package dev.orchestrator.engine.internal.shell.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is sent with a command, and what its end is taken for. */
class CommanderTest {
    private static final InstanceKey KEY = new InstanceKey("db2", 3306);

    private final SettableTime time = new SettableTime();
    private final long until = time.nanos() + Duration.ofSeconds(2).toNanos();
    private final List<String> lost = new ArrayList<>();
    private final List<Guard> sent = new ArrayList<>();
    private boolean answer = true;
    private @Nullable RuntimeException failure;

    private final Authority right = new Authority() {
        @Override
        public long check() {
            if (until - time.nanos() < 0) {
                throw new OrchestratorException(ErrorCode.NOT_LEADER, "over");
            }
            return until;
        }

        @Override
        public Right right() {
            return new Right.OfJournal("test");
        }
    };

    private StepResult send(InstanceCommand command, Duration timeout) {
        Commander commander = new Commander(this::answer, time, right, lost::add);
        return commander.send(new PlanStep(KEY, "the-uuid", command, timeout, true, false));
    }

    private StepResult stop(Duration timeout) {
        return send(new InstanceCommand.StopReceiver(""), timeout);
    }

    @Test
    void theGuardNamesTheServerAndTheStepsOwnTime() {
        assertThat(stop(Duration.ofMillis(500)).isDone()).isTrue();
        assertThat(sent)
                .containsExactly(new Guard(
                        "the-uuid", time.nanos() + Duration.ofMillis(500).toNanos()));
    }

    @Test
    void theGuardIsCutToTheRight() {
        stop(Duration.ofMinutes(5));
        assertThat(sent).containsExactly(new Guard("the-uuid", until));
    }

    @Test
    void aWaitEndsBeforeTheRightDoes() {
        send(new InstanceCommand.AwaitExecuted(GtidSet.empty()), Duration.ofMinutes(5));
        assertThat(sent).hasSize(1).allMatch(g -> g.deadlineNanos() < until);
    }

    @Test
    void nothingIsSentWithoutARight() {
        time.advance(Duration.ofSeconds(3));
        assertThat(stop(Duration.ofMillis(500)).kind()).isEqualTo(StepResult.Kind.FAILED);
        assertThat(sent).isEmpty();
        assertThat(lost).containsExactly("over");
    }

    @Test
    void nothingIsSentInTheLastMomentOfARight() {
        time.advance(Duration.ofSeconds(2));
        assertThat(stop(Duration.ofMillis(500)).kind()).isEqualTo(StepResult.Kind.NOT_YET);
        assertThat(sent).isEmpty();
        assertThat(lost).isEmpty();
    }

    @Test
    void whatWasNotAnsweredIsUnknownAndWhatWasRefusedHasFailed() {
        failure = new OrchestratorException(ErrorCode.INSTANCE_UNREACHABLE, "no answer");
        assertThat(stop(Duration.ofMillis(500)).kind()).isEqualTo(StepResult.Kind.UNKNOWN);
        failure = new OrchestratorException(ErrorCode.COMMAND_FAILED, "refused");
        assertThat(stop(Duration.ofMillis(500)).kind()).isEqualTo(StepResult.Kind.FAILED);
        failure = new IllegalStateException("a gateway that breaks its contract");
        assertThat(stop(Duration.ofMillis(500)).kind()).isEqualTo(StepResult.Kind.UNKNOWN);
        failure = null;
        answer = false;
        assertThat(stop(Duration.ofMillis(500)).kind()).isEqualTo(StepResult.Kind.NOT_YET);
    }

    private boolean answer(InstanceKey key, Guard guard, InstanceCommand command, Duration timeout) {
        sent.add(guard);
        if (failure != null) {
            throw failure;
        }
        return answer;
    }
}
