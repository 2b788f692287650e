package dev.orchestrator.engine.internal.shell.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RehearsalTest {
    @Test
    void playsAWholeRecoveryWithoutTouchingAnything() {
        try (RecoveryWorld world = new RecoveryWorld(1)) {
            assertThat(world.rehearse()).isTrue();
            assertThat(world.servers.commands()).isEmpty();
            assertThat(world.records()).isEmpty();
            assertThat(world.events).isEmpty();
            assertThat(world.audit).isEmpty();
            assertThat(world.backend.fences().standing()).isEmpty();
        }
    }
}
