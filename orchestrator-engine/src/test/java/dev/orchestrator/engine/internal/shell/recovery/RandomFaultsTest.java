package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.gtids;
import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever goes wrong during a recovery: nothing that a living replica received goes missing unnamed, nobody forgets its
 * source before it is drained, at most one server is writable, and who is not promoted replicates.
 */
class RandomFaultsTest {
    private static final int CASES_PER_SEED = 12;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    @Timeout(120)
    void invariantsHoldUnderRandomFaults(long seed) {
        for (int n = 0; n < CASES_PER_SEED; n++) {
            long caseSeed = seed * 1000 + n;
            try {
                run(new Random(caseSeed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + caseSeed + ": " + e.getMessage(), e);
            }
        }
    }

    private void run(Random random) {
        int replicas = 1 + random.nextInt(4);
        try (RecoveryWorld world = new RecoveryWorld(replicas, c -> c.drainTimeout(Duration.ofMillis(500)))) {
            List<GtidSet> received = prepare(world, replicas, random);
            world.readAll();
            world.servers.killPrimary();
            faults(world, replicas, random);
            world.report();
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(20))
                    .until(world.coordinator::isIdle);
            if (world.records().isEmpty()) {
                assertThat(world.servers.commands()).isEmpty();
                return;
            }
            if (world.record().isActive()) {
                takeOver(world);
            }
            check(world, replicas, received);
        }
    }

    private static List<GtidSet> prepare(RecoveryWorld world, int replicas, Random random) {
        List<GtidSet> received = new ArrayList<>();
        world.servers.change(() -> {
            world.servers.settle(false);
            for (int n = 2; n < 2 + replicas; n++) {
                ScriptedServer server = world.servers.server(n);
                int last = 10 + random.nextInt(5);
                server.retrieved = gtids("1-" + last);
                server.executed = gtids("1-" + Math.max(5, last - random.nextInt(4)));
                server.rule = random.nextInt(3) == 0 ? PromotionRule.values()[random.nextInt(5)] : null;
                server.applierErrno = random.nextInt(8) == 0 ? 1062 : 0;
                if (server.applierErrno != 0) {
                    server.applier = ReplicationThreadState.STOPPED;
                }
                server.stopHangs = random.nextInt(10) == 0;
                received.add(server.retrieved);
            }
            world.servers.server(1).alive = false;
            world.servers.settle(true);
        });
        return received;
    }

    private static void faults(RecoveryWorld world, int replicas, Random random) {
        AtomicInteger count = new AtomicInteger();
        int killAt = random.nextInt(4) == 0 ? 1 + random.nextInt(12) : -1;
        int victim = 2 + random.nextInt(replicas);
        int deposeAt = random.nextInt(4) == 0 ? 1 + random.nextInt(12) : -1;
        int failEvery = random.nextInt(3) == 0 ? 3 + random.nextInt(10) : -1;
        world.servers.beforeCommand((key, command) -> {
            int now = count.incrementAndGet();
            if (now == killAt) {
                world.servers.kill(victim);
            }
            if (now == deposeAt) {
                world.depose();
            }
            if (failEvery > 0 && now % failEvery == 0 && !(command instanceof InstanceCommand.StartReceiver)) {
                throw new OrchestratorException(ErrorCode.COMMAND_FAILED, "scripted failure");
            }
        });
    }

    private static void takeOver(RecoveryWorld world) {
        world.servers.beforeCommand((key, command) -> {});
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.leadershipGained();
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> next.ended().isPresent());
        }
    }

    private static void check(RecoveryWorld world, int replicas, List<GtidSet> received) {
        RecoveryRecord record = world.record();
        String story = record + " " + record.errors() + " " + world.servers.commands();
        assertThat(world.servers.violations()).as(story).isEmpty();
        List<InstanceKey> writable = new ArrayList<>();
        for (int n = 2; n < 2 + replicas; n++) {
            ScriptedServer server = world.servers.server(n);
            if (server.alive && !server.readOnly) {
                writable.add(server.key);
            }
        }
        if (!record.successful()) {
            assertThat(writable).as(story).isEmpty();
            for (int n = 2; n < 2 + replicas; n++) {
                ScriptedServer server = world.servers.server(n);
                if (server.alive && !server.stopHangs) {
                    assertThat(server.receiver).as(story).isNotEqualTo(ReplicationThreadState.NONE);
                }
            }
            return;
        }
        InstanceKey successor = record.successor();
        assertThat(successor).as(story).isNotNull();
        assertThat(writable).as(story).isSubsetOf(List.of(successor));
        GtidSet held = record.gtidsAtPromotion();
        GtidSet lost = record.lostGtids();
        for (int n = 2; n < 2 + replicas; n++) {
            GtidSet got = received.get(n - 2);
            ScriptedServer server = world.servers.server(n);
            boolean kept = got.isSubsetOf(held == null ? GtidSet.empty() : held.union(lost == null ? held : lost));
            boolean stillThere = server.source != null
                    && got.isSubsetOf(server.retrieved.union(server.executed))
                    && record.lostReplicas().contains(key(n));
            assertThat(kept || stillThere)
                    .as(key(n) + " received " + got + "; " + story)
                    .isTrue();
        }
    }
}
