package dev.orchestrator.engine.internal.shell.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What goes with each command, and which are held back. */
class PlanExecutorTest {
    private static final InstanceKey KEY = new InstanceKey("db2", 3306);
    private final SettableTime time = new SettableTime();
    private @Nullable Guard sent;
    private long until = time.nanos() + Duration.ofSeconds(2).toNanos();
    private @Nullable RuntimeException failure;

    private final Authority authority = new Authority() {
        @Override
        public long check() {
            if (until - time.nanos() < 0) {
                throw new OrchestratorException(ErrorCode.NOT_LEADER, "over");
            }
            return until;
        }

        @Override
        public Right right() {
            return new Right.UnderLock("none");
        }
    };

    private StepResult attempt(Duration timeout) {
        ScriptedFleet servers = new ScriptedFleet(1);
        servers.beforeEverything((key, guard) -> {
            sent = guard;
            if (failure != null) {
                throw failure;
            }
        });
        try (RecoveryWorld world = new RecoveryWorld(servers)) {
            PlanExecutor executor = new PlanExecutor(world.ports(time), Runnable::run, authority, world.log());
            StepResult result = executor.attempt(
                    new PlanStep(KEY, "the-uuid", new InstanceCommand.StopReceiver(""), timeout, true, false));
            lost = executor.isRightLost();
            return result;
        }
    }

    private boolean lost;

    @Test
    void theGuardNamesTheServerAndTheStepsOwnTime() {
        attempt(Duration.ofMillis(500));
        assertThat(sent)
                .isEqualTo(new Guard(
                        "the-uuid", time.nanos() + Duration.ofMillis(500).toNanos()));
    }

    @Test
    void theGuardIsCutToTheRight() {
        attempt(Duration.ofMinutes(5));
        assertThat(sent).isEqualTo(new Guard("the-uuid", until));
    }

    @Test
    void nothingIsSentWithoutARight() {
        time.advance(Duration.ofSeconds(3));
        StepResult result = attempt(Duration.ofMillis(500));
        assertThat(sent).isNull();
        assertThat(result.failedWith(ErrorCode.NOT_LEADER)).isTrue();
        assertThat(lost).isTrue();
    }

    @Test
    void nothingIsSentInTheLastMomentOfARight() {
        time.advance(Duration.ofSeconds(2));
        StepResult result = attempt(Duration.ofMillis(500));
        assertThat(sent).isNull();
        assertThat(result.done()).isFalse();
    }

    @Test
    void aGatewayThatBreaksItsContractFailsTheStepOnly() {
        failure = new IllegalStateException("bug");
        StepResult result = attempt(Duration.ofMillis(500));
        assertThat(result.failedWith(ErrorCode.COMMAND_FAILED)).isTrue();
        assertThat(lost).isFalse();
    }
}
