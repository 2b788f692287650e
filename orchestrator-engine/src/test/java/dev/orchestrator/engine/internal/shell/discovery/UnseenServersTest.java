package dev.orchestrator.engine.internal.shell.discovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Intents;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.internal.core.discovery.ClusterAssembly;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.InstanceStore;
import dev.orchestrator.spi.InstanceStore.MemberWrite;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnseenServersTest {
    private static final Duration DAYS = Duration.ofDays(10);

    private final SettableTime time = new SettableTime();
    /** How far the backend's clock is ahead of the one that readings are stamped by. */
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    private final InMemoryBackend backend =
            new InMemoryBackend(() -> time.instant().plus(ahead.get()));
    private final InstanceStore store = backend.instances();
    private final ScheduledExecutorService snapshots = NamedExecutors.scheduler("fleet-test", 1);
    private final FleetState keeper = new FleetState(
            new ClusterAssembly(() -> UUID.randomUUID().toString(), Map.of(), () -> Intents.NONE, List::of),
            event -> {},
            time,
            time,
            snapshots);
    private final Housekeeping housekeeping = new Housekeeping(
            backend, OrchestratorConfig.builder().unseenForget(DAYS).build(), keeper, time);

    @BeforeEach
    void load() {
        save(new FleetBuilder(time.instant())
                .primary("db1")
                .replica("db2", "db1")
                .members());
        keeper.takeOver(store.readFleet());
    }

    @AfterEach
    void close() {
        snapshots.shutdownNow();
    }

    private void save(List<FleetMember> members) {
        store.save(members.stream().map(m -> new MemberWrite(m, true)).toList());
    }

    @Test
    void aBackendsClockThatIsSetForwardForgetsNobody() {
        ahead.set(Duration.ofDays(30));
        housekeeping.leadingBegins();

        assertThat(housekeeping.forgetUnseen()).isEmpty();
        assertThat(store.readFleet().members()).hasSize(2);
        assertThat(keeper.current().members()).hasSize(2);
    }

    @Test
    void theRowOfAFurtherNameGoesAndTheServerStays() {
        save(new FleetBuilder(time.instant()).primary("vip").members());
        keeper.apply(draft -> {
            draft.addName(key("vip"), key("db1"));
            return true;
        });
        ahead.set(Duration.ofDays(30));
        housekeeping.leadingBegins();

        assertThat(housekeeping.forgetUnseen()).containsExactly(key("vip"));
        assertThat(keeper.current().members()).hasSize(2);
    }
}
