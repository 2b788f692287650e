package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.gtids;
import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.fake.InMemoryBackend;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** People make the former primary the primary again, by hand. */
@Timeout(30)
class RebuiltTopologyTest {
    private final RecoveryWorld world = new RecoveryWorld(
            new ScriptedFleet(3),
            InMemoryBackend.onSystemClock(),
            "node1",
            c -> c.pollInterval(Duration.ofMillis(400)));

    @AfterEach
    void close() {
        world.close();
    }

    private boolean isFree() {
        world.readAll();
        return world.backend.fences().standing().isEmpty();
    }

    private InstanceKey successor() {
        return Objects.requireNonNull(world.record().successor());
    }

    private int number(InstanceKey key) {
        return IntStream.rangeClosed(1, 4)
                .filter(n -> key(n).equals(key))
                .findFirst()
                .orElseThrow();
    }

    private void failOverAndReturn() {
        world.coordinator.start();
        world.servers.killPrimary();
        world.report();
        assertThat(world.awaitEnd().successful()).isTrue();
        world.servers.change(() -> world.servers.server(1).alive = true);
        await().until(() -> world.backend.fences().standing().get(0).state() == FenceState.CLEAN);
    }

    private void rebuild() {
        int next = number(successor());
        world.servers.change(() -> {
            world.servers.server(next).readOnly = true;
            world.servers.server(next).below(key(1)).receiver = ReplicationThreadState.RUNNING;
            world.servers.server(1).readOnly = false;
        });
        world.readAll();
    }

    @Test
    void theFenceEndsByItselfAndTheServerStaysWritable() {
        failOverAndReturn();
        int before = world.servers.commandsTo(1).size();
        rebuild();
        await().pollInterval(Duration.ofMillis(100)).until(this::isFree);
        assertThat(world.servers.server(1).readOnly).isFalse();
        assertThat(world.servers.commandsTo(1))
                .as("it was not fenced meanwhile")
                .hasSize(before);
        await().untilAsserted(() -> assertThat(world.audit)
                .filteredOn(e -> e.type().equals("fence-ended"))
                .singleElement()
                .satisfies(
                        e -> assertThat(e.message()).contains("read-only and replicates from it", "holds everything")));
    }

    @Test
    void whatIsLostWithItIsNamed() {
        failOverAndReturn();
        int next = number(successor());
        world.servers.change(() -> {
            world.servers.server(next).executed = gtids("1-15");
        });
        rebuild();
        await().pollInterval(Duration.ofMillis(100)).until(this::isFree);
        await().untilAsserted(() -> assertThat(world.audit).anySatisfy(e -> {
            assertThat(e.type()).isEqualTo("fence-ended");
            assertThat(e.message()).contains("LOST", gtids("11-15").toString());
        }));
    }

    @Test
    void itStandsWhileSomebodyHoldsALockOnOneOfTheTwo() {
        failOverAndReturn();
        rebuild();
        try (MaintenanceLock lock = world.locks.acquire(List.of(successor()), RecoveryWorld.OPERATOR, "looking")) {
            assertThat(lock.isHeld()).isTrue();
            await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(3)).until(() -> !isFree());
        }
        await().pollInterval(Duration.ofMillis(100)).until(this::isFree);
    }

    @Test
    void whyItIsNotRecoveredWhenItDiesUnderItsFenceIsSaid() {
        failOverAndReturn();
        int next = number(successor());
        world.servers.change(() -> {
            // As far as this, and no further: who took over is still writable.
            world.servers.server(next).below(key(1)).receiver = ReplicationThreadState.RUNNING;
        });
        world.readAll();
        await().during(Duration.ofMillis(1500)).until(() -> !isFree());
        world.servers.kill(1);
        world.readAll();
        await().until(() -> world.coordinator.lastDecision(key(1)).isPresent()
                && world.coordinator.lastDecision(key(1)).get().refusal().isPresent());
        assertThat(world.coordinator.lastDecision(key(1)).orElseThrow().refusal())
                .hasValueSatisfying(v -> {
                    assertThat(v.refusal()).isEqualTo(RefusalReason.FENCED);
                    assertThat(v.facts()).contains("is writable", "lift-fence");
                });
        await().untilAsserted(() -> assertThat(world.audit).anySatisfy(e -> {
            assertThat(e.type()).isEqualTo("recovery-refused");
            assertThat(e.message()).contains("FENCED", "took over");
        }));
    }
}
