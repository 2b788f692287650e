package dev.orchestrator.engine.internal.shell.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.engine.fake.FakeInstanceGateway;
import dev.orchestrator.engine.fake.InMemoryBackend;
import java.time.InstantSource;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;

/** A discovery of pretended servers with a backend in memory. */
abstract class OnFakes {
    final FakeInstanceGateway gateway = new FakeInstanceGateway(InstantSource.system());
    final InMemoryBackend backend = InMemoryBackend.onSystemClock();
    final Rig rig = Rig.onFakes(gateway, backend);

    @AfterEach
    void close() {
        gateway.close();
        rig.close();
        assertThat(gateway.overlaps()).isZero();
    }

    static ProbeFailure.Kind failure(FleetMember member) {
        return Objects.requireNonNull(member.failure()).kind();
    }

    static InstanceKey key(String text) {
        return InstanceKey.parse(text);
    }
}
