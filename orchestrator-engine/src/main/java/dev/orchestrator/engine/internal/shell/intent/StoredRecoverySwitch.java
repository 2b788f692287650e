package dev.orchestrator.engine.internal.shell.intent;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.facade.RecoverySwitch;
import dev.orchestrator.spi.IntentStore;

/** The global switch in the backend. */
record StoredRecoverySwitch(IntentStore store, AuditedOrders orders) implements RecoverySwitch {
    @Override
    public boolean isEnabled() {
        return store.read().recoveriesEnabled();
    }

    @Override
    public void set(boolean enabled, Actor by) {
        store.setRecoveriesEnabled(enabled, by);
        orders.append(
                enabled ? "enable-global-recoveries" : "disable-global-recoveries",
                null,
                "",
                by,
                "automatic recoveries " + (enabled ? "enabled" : "disabled"));
    }
}
