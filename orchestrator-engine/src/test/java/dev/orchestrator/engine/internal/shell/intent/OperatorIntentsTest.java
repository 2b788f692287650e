package dev.orchestrator.engine.internal.shell.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.engine.fake.InMemoryBackend;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OperatorIntentsTest {
    private static final Actor ANN = new Actor("ann", Origin.API, "app1");
    private static final InstanceKey GHOST = new InstanceKey("ghost", 3306);

    private final InMemoryBackend backend = InMemoryBackend.onSystemClock();
    private final OperatorIntents intents =
            OperatorIntents.in(backend, OrchestratorConfig.builder().build(), Fleet::empty);

    @Test
    void refusesADowntimeOfAnUnknownServerAndWritesNothing() {
        refused(ErrorCode.UNKNOWN_INSTANCE, () -> intents.downtimes().begin(GHOST, ANN, "disk", null));
        assertThat(intents.downtimes().active()).isEmpty();
        assertThat(intents.audit().read(null, 0, 10)).isEmpty();
    }

    @Test
    void refusesAPromotionRuleOfAnUnknownServerAndWritesNothing() {
        refused(ErrorCode.UNKNOWN_INSTANCE, () -> intents.promotionRules().set(GHOST, PromotionRule.PREFER, ANN));
        assertThat(intents.promotionRules().active()).isEmpty();
        assertThat(intents.audit().read(null, 0, 10)).isEmpty();
    }

    @Test
    void refusesAnAliasOfAnUnknownCluster() {
        refused(ErrorCode.UNKNOWN_CLUSTER, () -> intents.clusterAliases().set(new ClusterId("none"), "main", ANN));
        assertThat(intents.clusterAliases().all()).isEmpty();
    }

    @Test
    void refusesWordsThatSayNothing() {
        refused(ErrorCode.INVALID_INPUT, () -> intents.downtimes().begin(GHOST, ANN, " ", null));
        refused(ErrorCode.INVALID_INPUT, () -> intents.promotionRules().set(GHOST, PromotionRule.MUST, ANN));
        refused(ErrorCode.INVALID_INPUT, () -> intents.recoveries().acknowledge(RecoveryFilter.all(0, 1), ANN, ""));
        refused(ErrorCode.INVALID_INPUT, () -> intents.pools().submit(" ", List.of(), ANN));
    }

    @Test
    void writesDownWhoSwitchedRecoveriesOff() {
        intents.recoverySwitch().set(false, ANN);
        assertThat(intents.recoverySwitch().isEnabled()).isFalse();
        assertThat(intents.audit().read(null, 0, 10))
                .extracting(AuditEntry::type, AuditEntry::actor)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("disable-global-recoveries", ANN));
    }

    private static void refused(ErrorCode code, ThrowingCallable order) {
        assertThatThrownBy(order)
                .isInstanceOf(OrchestratorException.class)
                .extracting(e -> ((OrchestratorException) e).code())
                .isEqualTo(code);
    }
}
