package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.gtids;
import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryFilter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to a former primary that comes back. */
@Timeout(30)
class FencesTest {
    private final RecoveryWorld world = new RecoveryWorld(3);

    @AfterEach
    void close() {
        world.close();
    }

    private void failOver() {
        world.servers.killPrimary();
        world.report();
        assertThat(world.awaitEnd().successful()).isTrue();
    }

    private Fence fence() {
        return world.backend.fences().standing().get(0);
    }

    @Test
    void aFormerPrimaryIsReadOnlyWithinASecondOfItsReturn() {
        failOver();
        assertThat(fence().state()).isEqualTo(FenceState.PENDING);
        world.servers.change(() -> world.servers.server(1).alive = true);

        await().atMost(Duration.ofSeconds(1)).until(() -> world.servers.server(1).readOnly);
        await().until(() -> fence().state() == FenceState.CLEAN);
        assertThat(world.servers.commandsTo(1)).containsExactly("SetReadOnly(true)", "KillClients");
        await().untilAsserted(() ->
                assertThat(world.audit).extracting(e -> e.type()).contains("fenced", "former-primary-clean"));
    }

    @Test
    void whatOnlyTheFormerPrimaryHoldsIsNamedInTheRecord() {
        failOver();
        world.servers.change(() -> {
            world.servers.server(1).executed = gtids("1-13");
            world.servers.server(1).alive = true;
        });

        await().until(() -> fence().state() == FenceState.AHEAD);
        assertThat(fence().note()).contains(gtids("11-13").toString());
        await().untilAsserted(() -> {
            assertThat(world.record().lostGtids()).isEqualTo(gtids("11-13"));
            assertThat(world.record().lossNote()).contains("parked read-only");
        });
    }

    /** Its supervisor started it again: what is found out then must survive what the recovery itself writes later. */
    @Test
    void whatItHoldsIsNamedAlsoWhenItComesBackInTheMiddleOfItsRecovery() {
        world.servers.afterCommand((server, command) -> {
            if (server.equals(key(2)) && command.equals(new InstanceCommand.SetReadOnly(false))) {
                world.servers.change(() -> {
                    world.servers.server(1).executed = gtids("1-13");
                    world.servers.server(1).alive = true;
                });
            }
        });
        world.servers.beforeCommand((server, command) -> {
            if (command instanceof InstanceCommand.Repoint) {
                await().until(() -> gtids("11-13").equals(world.record().lostGtids()));
            }
        });
        failOver();

        assertThat(fence().state()).isEqualTo(FenceState.AHEAD);
        assertThat(world.record().lostGtids()).isEqualTo(gtids("11-13"));
        assertThat(world.record().lossNote()).contains("parked read-only");
    }

    @Test
    void aFormerPrimaryThatBecomesWritableAgainIsFencedAgain() {
        world.coordinator.start();
        failOver();
        world.servers.change(() -> world.servers.server(1).alive = true);
        await().until(() -> fence().state() == FenceState.CLEAN);
        world.servers.change(() -> world.servers.server(1).readOnly = false);
        world.readAll();

        await().until(() -> world.servers.server(1).readOnly);
    }

    @Test
    void aFormerPrimaryThatReplicatesAgainIsFreeOfItsFence() {
        world.coordinator.start();
        failOver();
        world.servers.change(() -> world.servers.server(1).alive = true);
        await().until(() -> fence().state() == FenceState.CLEAN);
        world.servers.change(() -> world.servers.server(1).below(key(2)).receiver = ReplicationThreadState.RUNNING);
        world.readAll();

        await().until(() -> world.backend.fences().standing().isEmpty());
    }

    @Test
    void aFormerPrimaryThatIsPromotedAgainIsNotFencedAgain() {
        failOver();
        world.servers.change(() -> world.servers.server(1).alive = true);
        await().until(() -> fence().state() == FenceState.CLEAN);
        world.backend.recoveries().acknowledge(RecoveryFilter.all(0, 10), RecoveryWorld.OPERATOR, "seen");
        world.servers.change(() -> world.servers.server(1).below(key(2)).rule = PromotionRule.MUST);
        world.readAll();
        world.servers.kill(2);
        FailureAnalysis second =
                RecoveryWorld.analyze(world.servers.current(), key(2)).orElseThrow();
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            world.coordinator.handle(List.of(second));
            return world.records().size() == 2 && world.ended().isPresent();
        });
        assertThat(world.record().successor()).isEqualTo(key(1));
        world.coordinator.start();

        await().during(Duration.ofMillis(1500)).until(() -> !world.servers.server(1).readOnly);
        assertThat(world.backend.fences().standing())
                .extracting(Fence::instance)
                .containsExactly(key(2));
    }

    @Test
    void aFenceThatIsLiftedElsewhereIsNotEnforcedAnyMore() {
        world.coordinator.start();
        failOver();
        await().during(Duration.ofMillis(1500)).until(() -> fence().state() == FenceState.PENDING);
        world.backend
                .fences()
                .update(
                        fence(),
                        FenceState.LIFTED,
                        "by an operator, on another node",
                        world.authority().right());

        await().during(Duration.ofMillis(2500))
                .until(() -> world.backend.fences().standing().isEmpty());
        world.servers.change(() -> world.servers.server(1).alive = true);
        await().during(Duration.ofMillis(500))
                .until(() -> world.servers.commandsTo(1).isEmpty());
        assertThat(world.servers.server(1).readOnly).isFalse();
        assertThat(world.backend.fences().standing()).isEmpty();
    }

    @Test
    void aFenceThatIsLiftedHereIsNotEnforcedFromThenOn() {
        failOver();
        world.coordinator.fences().release(fence().serverUuid(), world.authority(), "by an operator");
        world.servers.change(() -> world.servers.server(1).alive = true);

        await().during(Duration.ofMillis(500))
                .until(() -> world.servers.commandsTo(1).isEmpty());
        assertThat(world.backend.fences().standing()).isEmpty();
    }

    @Test
    void theNextLeaderEnforcesTheFencesItFinds() {
        failOver();
        world.depose();
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.start();
            next.coordinator.leadershipGained();
            world.servers.change(() -> world.servers.server(1).alive = true);
            await().until(() -> world.servers.server(1).readOnly);
            await().untilAsserted(() ->
                    assertThat(next.audit).extracting(e -> e.type()).contains("fenced"));
        }
    }

    @Test
    void anotherServerAtTheSamePlaceIsNotFenced() {
        failOver();
        world.servers.impersonate(1);
        world.servers.change(() -> world.servers.server(1).alive = true);

        await().during(Duration.ofMillis(500))
                .until(() -> world.servers.commandsTo(1).isEmpty());
        assertThat(fence().state()).isEqualTo(FenceState.PENDING);
    }

    @Test
    void whatTheNewPrimaryWroteDoesNotMakeTheFormerOneAhead() {
        failOver();
        world.servers.change(() -> {
            world.servers.server(2).executed = gtids("1-10").union(GtidSet.parse(uuid(2) + ":1-5"));
            world.servers.server(1).alive = true;
        });
        await().until(() -> fence().state() == FenceState.CLEAN);
    }
}
