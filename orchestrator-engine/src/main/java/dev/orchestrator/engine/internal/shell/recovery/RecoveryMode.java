package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.engine.internal.core.selfhosted.SelfHostedBackendGate;
import java.util.function.Consumer;

/**
 * What one recovery does differently from others.
 *
 * @param remark what stands behind its decision, noted in its steps at its begin; empty for nothing
 * @param promoted told when the new primary is writable, before the others are repointed; returns soon
 */
record RecoveryMode(String remark, Consumer<Instance> promoted) {
    /** Nothing. */
    static final RecoveryMode USUAL = new RecoveryMode("", primary -> {});

    Decision explained(Decision decision) {
        return remark.isEmpty() ? decision : SelfHostedBackendGate.explained(decision, remark);
    }
}
