package dev.orchestrator.engine.internal.shell.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void runsAWholeRecoveryWithoutTouchingAnything() {
        try (RecoveryWorld world = new RecoveryWorld(1)) {
            assertThat(world.warmUp()).isTrue();
            assertThat(world.servers.commands()).isEmpty();
            assertThat(world.records()).isEmpty();
            assertThat(world.events).isEmpty();
            assertThat(world.audit).isEmpty();
            assertThat(world.backend.fences().standing()).isEmpty();
        }
    }
}
