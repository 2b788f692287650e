package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.gtids;
import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.SomeEvents;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is done to the servers, and what is written about it. */
@Timeout(30)
class RecoveryCoordinatorTest {
    private RecoveryWorld world = new RecoveryWorld(3);

    @AfterEach
    void close() {
        world.close();
        assertThat(world.servers.violations()).isEmpty();
    }

    private void worldWithDrainTimeout(Duration timeout) {
        world.close();
        world = new RecoveryWorld(3, c -> c.drainTimeout(timeout));
    }

    private RecoveryRecord recovered() {
        world.report();
        return world.awaitEnd();
    }

    @Test
    void replacesADeadPrimaryAndRepointsTheOthers() {
        world.servers.killPrimary();
        RecoveryRecord record = recovered();

        assertThat(record.successful()).isTrue();
        assertThat(record.successor()).isEqualTo(key(2));
        assertThat(record.errors()).isEmpty();
        assertThat(record.participants()).containsExactly(key(2), key(3), key(4));
        assertThat(record.lostReplicas()).isEmpty();
        assertThat(world.servers.server(2).readOnly).isFalse();
        assertThat(world.servers.server(2).source).isNull();
        for (int n : List.of(3, 4)) {
            assertThat(world.servers.server(n).source).isEqualTo(key(2));
            assertThat(world.servers.server(n).receiver).isEqualTo(ReplicationThreadState.RUNNING);
            assertThat(world.servers.server(n).readOnly).isTrue();
        }
        assertThat(record.gtidsAtDetection()).isEqualTo(gtids("1-10"));
        assertThat(record.gtidsAtPromotion()).isEqualTo(gtids("1-10"));
        assertThat(record.lostGtids()).isEqualTo(GtidSet.empty());
        assertThat(record.successorCoordinates()).isNotNull();
        assertThat(List.of(record.detectedAt(), record.confirmedAt(), record.promotedAt(), record.repointedAt()))
                .isSorted();
        assertThat(world.backend.locks().active()).isEmpty();
    }

    @Test
    void stopsEveryReceiverBeforeAnythingElseAndRepointsOnlyAfterThePromotion() {
        world.servers.killPrimary();
        recovered();

        List<String> commands = world.servers.commands();
        assertThat(commands.subList(0, 3)).allMatch(c -> c.endsWith("StopReceiver"));
        assertThat(commands.indexOf("db2:3306 SetReadOnly(false)"))
                .isGreaterThan(2)
                .isLessThan(commands.indexOf("db3:3306 Repoint(db2:3306)"))
                .isLessThan(commands.indexOf("db4:3306 Repoint(db2:3306)"));
    }

    @Test
    void tellsStepsAndEventsInOrder() {
        world.servers.killPrimary();
        RecoveryRecord record = recovered();

        await().untilAsserted(() -> assertThat(world.backend.recoveries().steps(record.uid()))
                .isNotEmpty()
                .allMatch(
                        s -> s.state() == RecoveryStepRecord.State.DONE || s.state() == RecoveryStepRecord.State.NOTE));
        assertThat(world.events).first().isInstanceOf(OrchestratorEvent.DecisionMade.class);
        await().untilAsserted(() -> assertThat(world.events)
                .anyMatch(e -> e instanceof OrchestratorEvent.RecoveryEnded ended
                        && ended.recovery().successful())
                .anyMatch(e -> e instanceof OrchestratorEvent.DecisionMade made
                        && made.decision().plan() != null));
        assertThat(world.audit).extracting(e -> e.type()).contains("recover-dead-master");
    }

    @Test
    void tellsOfTheNewPrimaryBeforeTheOthersFollowIt() {
        world.servers.killPrimary();
        recovered();

        assertThat(world.events.stream().map(e -> e.match(new Order())).filter(told -> !told.isEmpty()))
                .startsWith("promoted db2:3306", "repoint");
    }

    private static final class Order implements SomeEvents<String> {
        @Override
        public String primaryPromoted(OrchestratorEvent.PrimaryPromoted it) {
            return "promoted " + it.recovery().successor();
        }

        @Override
        public String recoveryStepped(OrchestratorEvent.RecoveryStepped it) {
            return it.step().phase().equals(PhaseNames.REPOINT) ? "repoint" : "";
        }

        @Override
        public String otherwise(OrchestratorEvent event) {
            return "";
        }
    }

    @Test
    void executesWhatWasReceivedBeforeItForgetsItsSource() {
        world.servers.change(() -> {
            world.servers.server(2).retrieved = gtids("1-14");
            world.servers.server(2).applierBlocked = true;
        });
        world.servers.killPrimary();
        world.report();
        await().until(() -> world.servers.commandsTo(4).contains("StopReceiver"));
        assertThat(world.servers.commandsTo(2)).doesNotContain("SetReadOnly(false)");
        world.servers.change(() -> world.servers.server(2).applierBlocked = false);
        RecoveryRecord record = world.awaitEnd();

        assertThat(record.successor()).isEqualTo(key(2));
        assertThat(record.gtidsAtPromotion()).isEqualTo(gtids("1-14"));
        assertThat(world.servers.commandsTo(2))
                .containsExactly("StopReceiver", "AwaitExecuted", "SetReadOnly(false)", "ResetReplication");
    }

    @Test
    void startsAnApplierThatStandsStillWithoutAnError() {
        world.servers.change(() -> {
            world.servers.server(3).retrieved = gtids("1-12");
            world.servers.server(3).applier = ReplicationThreadState.STOPPED;
        });
        world.servers.killPrimary();
        RecoveryRecord record = recovered();

        assertThat(record.successor()).isEqualTo(key(3));
        assertThat(world.servers.commandsTo(3))
                .containsSubsequence("StartApplier", "AwaitExecuted", "SetReadOnly(false)");
    }

    @Test
    void bringsTheChosenOneWhatOnlyAForbiddenReplicaReceived() {
        world.servers.change(() -> {
            world.servers.server(4).rule = PromotionRule.MUST_NOT;
            world.servers.server(4).executed = gtids("1-13");
            world.servers.server(4).retrieved = gtids("1-13");
        });
        world.servers.killPrimary();
        RecoveryRecord record = recovered();

        assertThat(record.successful()).isTrue();
        assertThat(record.successor()).isEqualTo(key(2));
        assertThat(record.gtidsAtPromotion()).isEqualTo(gtids("1-13"));
        assertThat(world.servers.commandsTo(2))
                .containsExactly(
                        "StopReceiver",
                        "Repoint(db4:3306)",
                        "StartReceiver",
                        "AwaitExecuted",
                        "StopReceiver",
                        "SetReadOnly(false)",
                        "ResetReplication");
        assertThat(world.servers.server(3).executed).isEqualTo(gtids("1-13"));
    }

    @Test
    void givesUpWhenTheChosenOneNeverExecutesWhatItReceivedAndRestoresTheReplicas() {
        worldWithDrainTimeout(Duration.ofMillis(300));
        world.servers.change(() -> {
            world.servers.server(2).retrieved = gtids("1-14");
            world.servers.server(2).applierBlocked = true;
        });
        world.servers.killPrimary();
        RecoveryRecord record = recovered();

        assertThat(record.successful()).isFalse();
        assertThat(record.successor()).isNull();
        assertThat(record.errors()).anyMatch(e -> e.contains("has not executed all it received"));
        for (int n : List.of(2, 3, 4)) {
            assertThat(world.servers.server(n).source).isEqualTo(key(1));
            assertThat(world.servers.server(n).receiver).isEqualTo(ReplicationThreadState.CONNECTING);
            assertThat(world.servers.server(n).readOnly).isTrue();
        }
        assertThat(world.backend.fences().standing()).isEmpty();
    }

    @Test
    void choosesAgainWhenTheChosenOneDiesWhileItIsDrained() {
        world.servers.change(() -> {
            world.servers.server(2).rule = PromotionRule.MUST;
            world.servers.server(2).retrieved = gtids("1-11");
            world.servers.server(2).applierBlocked = true;
            world.servers.server(3).retrieved = gtids("1-11");
        });
        world.servers.killPrimary();
        world.report();
        await().until(() -> world.servers.commandsTo(4).contains("StopReceiver"));
        world.servers.kill(2);
        RecoveryRecord record = world.awaitEnd();

        assertThat(record.successful()).isTrue();
        assertThat(record.successor()).isEqualTo(key(3));
        assertThat(record.lostReplicas()).containsExactly(key(2));
        assertThat(record.gtidsAtPromotion()).isEqualTo(gtids("1-11"));
    }

    @Test
    void aPreferredReplicaWhoseApplierStandsStillGivesWayToOneThatReceivedAsMuch() {
        world.servers.change(() -> {
            world.servers.server(4).rule = PromotionRule.PREFER;
            world.servers.server(4).executed = gtids("1-9");
            world.servers.server(4).applierBlocked = true;
        });
        world.servers.killPrimary();
        RecoveryRecord record = recovered();

        assertThat(record.successor()).isEqualTo(key(2));
        assertThat(record.errors()).singleElement().asString().contains("stands still");
        assertThat(record.participants()).contains(key(4));
    }

    @Test
    void noCommandLeavesOnceTheLeadershipIsOver() {
        world.servers.killPrimary();
        world.servers.afterCommand((key, command) -> world.depose());
        world.report();
        await().until(() -> !world.servers.commands().isEmpty() && world.coordinator.isIdle());

        assertThat(world.servers.commands()).allMatch(c -> c.endsWith("StopReceiver"));
        assertThat(world.record().isActive()).isTrue();
    }

    @Test
    void aReceiverThatHangsWhileItConnectsKeepsNobodyWaiting() {
        world.servers.killPrimary();
        world.servers.change(() -> world.servers.server(2).stopHangs = true);
        world.report();
        await().atMost(Duration.ofSeconds(2)).until(() -> !world.servers.server(3).readOnly);
        world.servers.change(() -> world.servers.server(2).stopHangs = false);
        RecoveryRecord record = world.awaitEnd();

        assertThat(record.successor()).isEqualTo(key(3));
        assertThat(record.participants()).contains(key(2));
        assertThat(world.servers.server(2).source).isEqualTo(key(3));
    }

    @Test
    void aReplicaThatTurnsOutToHoldMoreIsReportedAndLeftAlone() {
        world.servers.killPrimary();
        world.servers.change(() -> world.servers.server(4).stopHangs = true);
        world.servers.afterCommand((key, command) -> {
            if (key.equals(key(2)) && command.equals(new InstanceCommand.SetReadOnly(false))) {
                // Its receiver found the half-dead primary once more before it stopped.
                world.servers.change(() -> {
                    world.servers.server(4).retrieved = gtids("1-12");
                    world.servers.server(4).stopHangs = false;
                });
            }
        });
        RecoveryRecord record = recovered();

        assertThat(record.successful()).isTrue();
        assertThat(record.lostReplicas()).containsExactly(key(4));
        assertThat(record.errors())
                .singleElement()
                .asString()
                .contains(gtids("11-12").toString());
        assertThat(world.servers.commandsTo(4)).containsExactly("StopReceiver");
    }

    @Test
    void aReplicaThatAnswersOnlyAfterTheChoiceIsStoppedAndRepointedToo() {
        world.servers.killPrimary();
        world.servers.kill(4);
        world.servers.afterCommand((key, command) -> {
            if (key.equals(key(2)) && command instanceof InstanceCommand.ResetReplication) {
                world.servers.change(() -> world.servers.server(4).alive = true);
                world.readAll();
            }
        });
        RecoveryRecord record = recovered();

        assertThat(record.participants()).contains(key(4));
        assertThat(world.servers.commandsTo(4)).containsExactly("StopReceiver", "Repoint(db2:3306)", "StartReceiver");
    }

    @Test
    void theNewPrimaryAsksForAcknowledgementsBeforeItIsWritable() {
        world.servers.change(() -> {
            world.servers.server(1).semiSyncSource = true;
            for (int n = 1; n <= 4; n++) {
                world.servers.server(n).semiSyncAvailable = true;
                world.servers.server(n).semiSyncReplica = n == 3;
            }
        });
        world.readAll();
        world.servers.killPrimary();
        RecoveryRecord record = recovered();

        assertThat(record.successor()).isEqualTo(key(3));
        assertThat(world.servers.commandsTo(3)).containsSubsequence("SetSemiSync", "SetReadOnly(false)");
        assertThat(world.servers.server(3).semiSyncReplica).isTrue();
    }

    @Test
    void aDelayedReplicaStaysDelayedAndKeepsWhatItReceived() {
        world.servers.change(() -> {
            world.servers.server(4).delay = Duration.ofHours(1);
            world.servers.server(4).executed = gtids("1-4");
        });
        world.servers.killPrimary();
        RecoveryRecord record = recovered();

        assertThat(record.successful()).isTrue();
        assertThat(record.participants()).contains(key(4));
        assertThat(world.servers.commandsTo(4)).containsExactly("StopReceiver", "Repoint(db2:3306)", "StartReceiver");
        assertThat(world.servers.server(4).retrieved).isEqualTo(gtids("1-10"));
        assertThat(world.servers.server(4).executed).isEqualTo(gtids("1-4"));
    }

    @Test
    void theNextOneIsPromotedWhenTheChosenOneCannotBeMadeWritable() {
        world.servers.killPrimary();
        world.servers.beforeCommand((key, command) -> {
            if (key.equals(key(2)) && command.equals(new InstanceCommand.SetReadOnly(false))) {
                throw new OrchestratorException(ErrorCode.COMMAND_FAILED, "access denied");
            }
        });
        RecoveryRecord record = recovered();

        assertThat(record.successful()).isTrue();
        assertThat(record.successor()).isEqualTo(key(3));
        assertThat(world.servers.commandsTo(2))
                .contains("SetReadOnly(true)", "Repoint(db3:3306)")
                .doesNotContain("ResetReplication");
        assertThat(world.backend.fences().standing())
                .singleElement()
                .satisfies(f -> assertThat(f.successor()).isEqualTo(key(3)));
    }

    @Test
    void aReplicaThatDiesWhileItIsPromotedIsFencedToo() {
        world.servers.killPrimary();
        world.servers.afterCommand((key, command) -> {
            if (key.equals(key(2)) && command.equals(new InstanceCommand.SetReadOnly(false))) {
                world.servers.kill(2);
            }
        });
        RecoveryRecord record = recovered();

        assertThat(record.successor()).isEqualTo(key(3));
        assertThat(world.backend.fences().standing())
                .extracting(f -> f.instance())
                .containsExactlyInAnyOrder(key(1), key(2));
    }

    @Test
    void whatIsKnownToBeMissingIsNamed() {
        world.servers.change(() -> {
            world.servers.server(1).executed = gtids("1-15");
            world.servers.settle(false);
        });
        world.readAll();
        world.servers.killPrimary();
        world.servers.change(() -> world.servers.settle(true));
        RecoveryRecord record = recovered();

        assertThat(record.successful()).isTrue();
        assertThat(record.lostGtids()).isEqualTo(gtids("11-15"));
        assertThat(record.lossNote()).contains(gtids("11-15").toString());
    }

    @Test
    void theFirstWriteOfTheNewPrimaryIsNoted() {
        world.servers.killPrimary();
        world.servers.beforeCommand((key, command) -> {
            if (key.equals(key(3)) && command instanceof InstanceCommand.StartReceiver) {
                world.servers.change(() -> world.servers.server(2).executed =
                        world.servers.server(2).executed.union(GtidSet.parse(ScriptedFleet.uuid(2) + ":1")));
            }
        });
        recovered();

        await().untilAsserted(() -> assertThat(world.record().firstWriteAt()).isNotNull());
    }

    @Test
    void twoFindingsAtOnceLeadToOneRecovery() {
        world.servers.killPrimary();
        for (int i = 0; i < 10; i++) {
            world.report();
        }
        world.awaitEnd();
        world.coordinator.handle(List.of());

        assertThat(world.records()).hasSize(1);
        assertThat(world.servers.commandsTo(2).stream().filter("SetReadOnly(false)"::equals))
                .hasSize(1);
    }

    @Test
    void aServerThatIsNotTheOneMeantIsNotCommanded() {
        world.servers.killPrimary();
        world.servers.impersonate(2);
        RecoveryRecord record = recovered();

        assertThat(world.servers.commandsTo(2)).isEmpty();
        assertThat(record.successor()).isEqualTo(key(3));
    }

    @Test
    void closingTheEngineGivesUpWhatWasNotPromotedAndRestoresTheReplicas() {
        world.servers.change(() -> {
            world.servers.server(2).retrieved = gtids("1-14");
            world.servers.server(2).applierBlocked = true;
        });
        world.servers.killPrimary();
        world.report();
        await().until(() -> world.servers.commandsTo(4).contains("StopReceiver"));
        world.coordinator.close();

        RecoveryRecord record = world.awaitEnd();
        assertThat(record.successful()).isFalse();
        assertThat(record.errors()).contains("the engine is closing");
        for (int n : List.of(2, 3, 4)) {
            assertThat(world.servers.server(n).receiver).isEqualTo(ReplicationThreadState.CONNECTING);
        }
    }

    @Test
    void aPrimaryThatComesBackWhileOthersAreDrainedStaysThePrimary() {
        world.servers.change(() -> {
            world.servers.server(2).retrieved = gtids("1-14");
            world.servers.server(2).applierBlocked = true;
        });
        world.servers.killPrimary();
        world.report();
        await().until(() -> world.servers.commandsTo(4).contains("StopReceiver"));
        world.servers.change(() -> world.servers.server(1).alive = true);
        RecoveryRecord record = world.awaitEnd();

        assertThat(record.successful()).isFalse();
        assertThat(record.errors()).contains("db1:3306 answers again");
        assertThat(world.servers.server(1).readOnly).isFalse();
        for (int n : List.of(2, 3, 4)) {
            assertThat(world.servers.server(n).receiver).isEqualTo(ReplicationThreadState.RUNNING);
            assertThat(world.servers.server(n).source).isEqualTo(key(1));
        }
    }

    /** As when a supervisor starts it again at once. */
    @Test
    void aPrimaryThatIsBackBeforeAnybodyIsChosenKeepsItsPlace() {
        world.servers.killPrimary();
        world.servers.afterCommand((key, command) -> {
            if (command instanceof InstanceCommand.StopReceiver) {
                world.servers.change(() -> world.servers.server(1).alive = true);
            }
        });
        RecoveryRecord record = recovered();

        assertThat(record.successful()).isFalse();
        assertThat(record.errors()).anyMatch(e -> e.contains("db1:3306 answers again"));
        assertThat(world.servers.server(1).readOnly).isFalse();
        for (int n : List.of(2, 3, 4)) {
            assertThat(world.servers.server(n).readOnly).isTrue();
            assertThat(world.servers.server(n).source).isEqualTo(key(1));
            assertThat(world.servers.server(n).receiver).isEqualTo(ReplicationThreadState.RUNNING);
        }
    }
}
