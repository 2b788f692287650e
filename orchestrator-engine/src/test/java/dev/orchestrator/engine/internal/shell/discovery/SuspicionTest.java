package dev.orchestrator.engine.internal.shell.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.event.OrchestratorEvent.InstanceBack;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceLost;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceSuspected;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What makes a server suspect, and that sentinels are where they are needed. */
class SuspicionTest extends OnFakes {
    @Test
    void feelsACrashAtOnceByTheSentinel() {
        gateway.chainOfFour();
        rig.lead().discover("db1:3306");
        await().untilAsserted(() -> assertThat(gateway.watched()).containsExactly(key("db1:3306"), key("db2:3306")));
        int polls = gateway.server("db2:3306").polls();

        long crashed = System.nanoTime();
        gateway.server("db1:3306").crash();
        await().pollInterval(Duration.ofMillis(2))
                .until(() -> !rig.member("db1:3306").isReachable());

        assertThat(Duration.ofNanos(System.nanoTime() - crashed)).isLessThan(Duration.ofMillis(200));
        await().until(() -> gateway.server("db2:3306").polls() > polls + 5);
        assertThat(rig.events(InstanceSuspected.class))
                .singleElement()
                .satisfies(e -> assertThat(e.sign()).contains("held connection"));
        await().untilAsserted(() -> assertThat(gateway.watched()).containsExactly(key("db2:3306")));
    }

    @Test
    void suspectsAFrozenServerWhenItsSentinelMissesTwoWaitsAndWatchesItAgainWhenItIsBack() {
        gateway.chainOfFour();
        rig.lead().discover("db1:3306");
        await().until(() -> gateway.watched().contains(key("db1:3306")));

        gateway.server("db1:3306").freeze();
        gateway.missWaits("db1:3306", 1);
        assertThat(rig.events(InstanceSuspected.class)).isEmpty();
        gateway.missWaits("db1:3306", 2);

        assertThat(rig.events(InstanceSuspected.class)).hasSize(1);
        await().until(() -> !rig.member("db1:3306").isReachable());
        gateway.server("db1:3306").thaw();
        await().until(() -> rig.member("db1:3306").isReachable());
        await().until(() -> gateway.watched().contains(key("db1:3306")));
    }

    @Test
    void putsNoMoreSentinelsThanConfiguredAndThePrimaryIsAmongThem() {
        gateway.chainOfFour();
        try (Rig bounded = new Rig(gateway, backend, c -> c.maxSentinels(1))) {
            bounded.lead().discover("db1:3306");
            await().untilAsserted(() -> assertThat(gateway.watched()).containsExactly(key("db1:3306")));

            gateway.server("db1:3306").crash();

            await().untilAsserted(() -> assertThat(gateway.watched()).containsExactly(key("db2:3306")));
        }
    }

    @Test
    void putsNoSentinelsWhenTheyAreSwitchedOff() {
        gateway.chainOfFour();
        try (Rig without = new Rig(gateway, backend, c -> c.sentinels(false))) {
            without.lead().discover("db1:3306");
            await().during(Duration.ofMillis(300)).until(() -> gateway.watched().isEmpty());

            gateway.server("db1:3306").crash();
            await().until(() -> !without.member("db1:3306").isReachable());
            assertThat(without.events(InstanceSuspected.class)).isNotEmpty();
        }
    }

    @Test
    void tellsWhenAServerIsLostAndWhenItIsBack() {
        gateway.chainOfFour();
        rig.lead().discover("db1:3306");

        gateway.server("db4:3306").crash();
        await().until(() -> !rig.events(InstanceLost.class).isEmpty());
        assertThat(rig.member("db4:3306").isReachable()).isFalse();
        gateway.server("db4:3306").start();
        await().until(() -> !rig.events(InstanceBack.class).isEmpty());

        assertThat(rig.member("db4:3306").isReachable()).isTrue();
    }
}
