package dev.orchestrator.engine.internal.core.home;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.BackendSeat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WhereaboutsTest {
    private static final InstanceKey A = new InstanceKey("a", 3306);
    private static final InstanceKey B = new InstanceKey("b", 3306);
    private static final InstanceKey C = new InstanceKey("c", 3306);
    private static final InstanceKey D = new InstanceKey("d", 3306);

    @Test
    void aCopyThatKnowsLessThanWasSeenIsNotSound() {
        Whereabouts seen = Whereabouts.UNKNOWN.seen(5).seen(3);
        assertThat(seen.isSound(seat(true, 5))).isTrue();
        assertThat(seen.isSound(seat(true, 4))).isFalse();
        assertThat(seen.isSound(seat(false, 6))).isFalse();
    }

    @Test
    void anAddressIsLeftUntilItIsGoneBackTo() {
        Whereabouts there = Whereabouts.UNKNOWN.moved(Optional.of(A), B);
        assertThat(there.left()).containsExactly(A);
        assertThat(there.moved(Optional.of(B), A).left()).containsExactly(B);
    }

    @Test
    void whereverItMayBeIsLookedAt() {
        Whereabouts known = Whereabouts.UNKNOWN.in(Optional.of(new HomeCluster(new ClusterId("c"), C, Set.of(D))));
        assertThat(known.candidates(A, A, List.of(B))).containsExactly(A, B, C, D);
        assertThat(Whereabouts.UNKNOWN.candidates(A, B, List.of())).containsExactly(A, B);
    }

    private static BackendSeat seat(boolean writable, long epoch) {
        return new BackendSeat(A, "uuid-a", writable, epoch);
    }
}
