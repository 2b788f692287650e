package dev.orchestrator.engine.internal.shell.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.engine.internal.core.discovery.ClusterAssembly;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FleetStateTest {
    private static final InstanceKey DB1 = InstanceKey.parse("db1:3306");

    private final ScheduledExecutorService scheduler = NamedExecutors.scheduler("fleet-test", 1);
    private final FleetState keeper = new FleetState(
            new ClusterAssembly(() -> UUID.randomUUID().toString(), Map.of(), () -> Intents.NONE, List::of),
            event -> {},
            InstantSource.system(),
            Ticker.system(),
            scheduler);
    private final List<Fleet> snapshots = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() {
        keeper.apply(draft -> {
            draft.admit(seen(0), Instant.EPOCH);
            return true;
        });
        keeper.addListener(change -> snapshots.add(change.fleet()));
    }

    @AfterEach
    void close() {
        scheduler.shutdownNow();
    }

    private static Observation.Seen seen(int uptime) {
        Instance facts = Instance.builder(DB1, ServerVersion.parse("8.0.36", "MySQL"))
                .serverUuid("00000000-0000-0000-0000-000000000001")
                .uptime(Duration.ofSeconds(uptime))
                .build();
        return new Observation.Seen(facts, Instant.EPOCH.plusSeconds(uptime), Duration.ZERO);
    }

    private Duration uptime() {
        return keeper.current().instance(DB1).orElseThrow().uptime();
    }

    @Test
    void putsManyPollsIntoFewSnapshots() {
        for (int i = 1; i <= 1000; i++) {
            int uptime = i;
            keeper.observe(seen(uptime), false);
        }

        await().until(() -> uptime().equals(Duration.ofSeconds(1000)));
        assertThat(snapshots).hasSizeLessThan(100);
    }

    @Test
    void makesAnUrgentSnapshotSoon() {
        keeper.observe(seen(1), true);

        await().atMost(Duration.ofMillis(500)).until(() -> uptime().equals(Duration.ofSeconds(1)));
    }

    @Test
    void makesOneSnapshotForAllThatHasComeIn() {
        keeper.observe(seen(1), false);
        keeper.observe(seen(2), false);
        snapshots.clear();

        keeper.settle();
        keeper.settle();

        assertThat(snapshots).hasSizeLessThanOrEqualTo(1);
        assertThat(uptime()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void goesOnWhenAListenerFails() {
        keeper.addListener(change -> {
            throw new IllegalStateException("a listener's fault");
        });
        keeper.observe(seen(1), false);

        assertThat(keeper.settle().instance(DB1).orElseThrow().uptime()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void keepsWhatItSawLaterThanTheStoredSnapshot() {
        Fleet stored = keeper.current();
        keeper.observe(seen(5), false);
        keeper.settle();

        keeper.follow(stored);

        assertThat(uptime()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void aStoredSnapshotOfATimeToComeIsSetBackAndKeepsNoReadingOff() {
        Fleet stored = keeper.current();
        FleetMember known = stored.member(DB1).orElseThrow();
        Instant toCome = Instant.now().plusSeconds(600);
        Fleet ahead = stored.with(
                List.of(known.observed(new Observation.Seen(known.facts().orElseThrow(), toCome, Duration.ZERO))));

        keeper.takeOver(ahead);
        assertThat(keeper.current().member(DB1).orElseThrow().lastSeen()).isBefore(Instant.now());

        Instance read = seen(7).instance();
        keeper.observe(new Observation.Seen(read, Instant.now(), Duration.ZERO), false);
        keeper.settle();
        assertThat(uptime()).isEqualTo(Duration.ofSeconds(7));
        keeper.follow(ahead);
        assertThat(uptime()).isEqualTo(Duration.ofSeconds(7));
    }
}
