package dev.orchestrator.engine.internal.core.selfhosted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.BackendEndpoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackendEndpointsTest {
    private static final InstanceKey A = new InstanceKey("a", 3306);
    private static final InstanceKey B = new InstanceKey("b", 3306);
    private static final InstanceKey C = new InstanceKey("c", 3306);
    private static final InstanceKey D = new InstanceKey("d", 3306);

    @Test
    void aCopyThatKnowsLessThanWasSeenIsNotSound() {
        BackendEndpoints seen = BackendEndpoints.UNKNOWN.seen(5).seen(3);
        assertThat(seen.isSound(seat(true, 5))).isTrue();
        assertThat(seen.isSound(seat(true, 4))).isFalse();
        assertThat(seen.isSound(seat(false, 6))).isFalse();
    }

    @Test
    void anAddressIsLeftUntilItIsGoneBackTo() {
        BackendEndpoints there = BackendEndpoints.UNKNOWN.moved(Optional.of(A), B);
        assertThat(there.left()).containsExactly(A);
        assertThat(there.moved(Optional.of(B), A).left()).containsExactly(B);
    }

    @Test
    void whereverItMayBeIsLookedAt() {
        BackendEndpoints known = BackendEndpoints.UNKNOWN.in(
                Optional.of(new SelfHostedBackendCluster(new ClusterId("c"), C, Set.of(D))));
        assertThat(known.candidates(A, A, List.of(B))).containsExactly(A, B, C, D);
        assertThat(BackendEndpoints.UNKNOWN.candidates(A, B, List.of())).containsExactly(A, B);
    }

    private static BackendEndpoint seat(boolean writable, long epoch) {
        return new BackendEndpoint(A, "uuid-a", writable, epoch);
    }
}
