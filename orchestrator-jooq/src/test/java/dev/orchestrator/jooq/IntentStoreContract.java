package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.spi.InstanceStore.MemberWrite;
import dev.orchestrator.spi.IntentStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of intent does. */
abstract class IntentStoreContract extends StoreContract {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final ClusterId MAIN = new ClusterId("main-id");
    private static final Intents NOTHING = new Intents(true, Map.of(), Map.of(), Map.of(), "0/0/0/0");
    private IntentStore intents;

    IntentStoreContract(Supplier<TestBackend> kind) {
        super(kind);
    }

    @BeforeEach
    void store() {
        intents = backend.intents();
    }

    @Test
    void wantsNothingAtFirst() {
        assertThat(intents.read()).isEqualTo(NOTHING);
    }

    @Test
    void marksWhoIsStored() {
        String empty = intents.read().rosterMark();
        backend.instances().save(List.of(new MemberWrite(InstanceStoreContract.seen(DB1, Samples.AT), true)));
        String stored = intents.read().rosterMark();
        assertThat(stored).isNotEqualTo(empty);
        backend.instances().save(List.of(new MemberWrite(InstanceStoreContract.seen(DB1, Samples.AT), false)));
        assertThat(intents.read().rosterMark()).isEqualTo(stored);
        backend.instances().forget(DB1, HOUR);
        String forgotten = intents.read().rosterMark();
        assertThat(forgotten).isNotEqualTo(stored).isNotEqualTo(empty);
        backend.instances().forget(DB1, HOUR.multipliedBy(2));
        assertThat(intents.read().rosterMark()).isNotEqualTo(forgotten);
    }

    @Test
    void theMarkIsAnotherOneEachTimeWhileTheLeaderHasNotTakenInWhatOthersStored() {
        MemberWrite write = new MemberWrite(InstanceStoreContract.seen(DB1, Samples.AT), true);
        backend.instances().save(List.of(write));
        String settled = intents.read().rosterMark();
        backend.instances().saveForLeader(List.of(write));
        String first = intents.read().rosterMark();
        assertThat(first).isNotEqualTo(settled);
        await().until(() -> !intents.read().rosterMark().equals(first));
        backend.instances().save(List.of(write));
        assertThat(intents.read().rosterMark()).isEqualTo(settled);
    }

    @Test
    void readsAllKindsTogether() {
        intents.setRecoveriesEnabled(false, ANNE);
        intents.setClusterAlias(MAIN, WILD);
        intents.setPromotionRule(DB3, PromotionRule.MUST_NOT, HOUR);
        intents.beginDowntime(DB1, BOB, WILD, HOUR);
        Intents all = intents.read();
        assertThat(all.recoveriesEnabled()).isFalse();
        assertThat(all.clusterAliases()).isEqualTo(Map.of(MAIN, WILD));
        assertThat(all.promotionRules()).isEqualTo(Map.of(DB3, PromotionRule.MUST_NOT));
        Downtime downtime = all.downtime(DB1).orElseThrow();
        assertThat(downtime.owner()).isEqualTo(BOB);
        assertThat(downtime.reason()).isEqualTo(WILD);
        assertThat(Duration.between(downtime.begin(), downtime.end())).isEqualTo(HOUR);
    }

    @Test
    void switchesRecoveriesOnAgain() {
        intents.setRecoveriesEnabled(false, ANNE);
        intents.setRecoveriesEnabled(true, BOB);
        assertThat(intents.read().recoveriesEnabled()).isTrue();
    }

    @Test
    void replacesAndEndsADowntime() {
        intents.beginDowntime(DB1, ANNE, "first", HOUR);
        intents.beginDowntime(DB1, BOB, "second", Duration.ofDays(36_525));
        assertThat(intents.read().downtime(DB1)).map(Downtime::reason).contains("second");
        assertThat(intents.endDowntime(DB1)).isTrue();
        assertThat(intents.endDowntime(DB1)).isFalse();
        assertThat(intents.read().downtimes()).isEmpty();
    }

    @Test
    void forgetsWhatHasRunOut() {
        intents.beginDowntime(DB1, ANNE, "none", Duration.ZERO);
        intents.beginDowntime(DB2, ANNE, "less", Duration.ofSeconds(-1));
        intents.setPromotionRule(DB1, PromotionRule.PREFER, Duration.ZERO);
        assertThat(intents.read()).isEqualTo(NOTHING);
        place.execute("UPDATE orc_downtime SET ends_at = 0");
        intents.beginDowntime(DB1, ANNE, "now", HOUR);
        assertThat(intents.read().downtimes()).containsOnlyKeys(DB1);
    }

    @Test
    void replacesARuleAndAnAlias() {
        intents.setPromotionRule(DB1, PromotionRule.MUST, HOUR);
        intents.setPromotionRule(DB1, PromotionRule.PREFER_NOT, HOUR);
        intents.setClusterAlias(MAIN, "a");
        intents.setClusterAlias(MAIN, "b");
        assertThat(intents.read().promotionRules()).containsEntry(DB1, PromotionRule.PREFER_NOT);
        assertThat(intents.read().clusterAliases()).containsEntry(MAIN, "b");
        intents.setClusterAlias(MAIN, " ");
        assertThat(intents.read().clusterAliases()).isEmpty();
    }
}
