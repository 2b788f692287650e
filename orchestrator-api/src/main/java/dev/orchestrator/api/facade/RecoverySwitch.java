package dev.orchestrator.api.facade;

import dev.orchestrator.api.Actor;

/** The global switch of automatic recoveries. Thread-safe; all methods ask the backend. */
public interface RecoverySwitch {
    /**
     * Whether automatic recoveries may run.
     *
     * @return false when somebody switched them off
     */
    boolean isEnabled();

    /**
     * Switches all automatic recoveries on or off.
     *
     * @param enabled whether they may run
     * @param by who
     */
    void set(boolean enabled, Actor by);
}
