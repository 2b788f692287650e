package dev.orchestrator.engine.internal.core.selfhosted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.spi.BackendEndpoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackendEndpointChoiceTest {
    private static final InstanceKey A = new InstanceKey("a", 3306);
    private static final InstanceKey B = new InstanceKey("b", 3306);
    private static final ServerVersion VERSION = ServerVersion.parse("8.0.36", "");
    private static final InstanceKey C = new InstanceKey("c", 3306);

    @Test
    void staysWhenNobodyIsWritable() {
        assertStays(List.of(seat(B, false, 5), seat(C, false, 5)), 5, Set.of());
        assertStays(List.of(), 5, Set.of());
    }

    @Test
    void goesToTheOnlyWritableOneThatKnowsWhatWasSeen() {
        assertGoesTo(B, List.of(seat(A, false, 5), seat(B, true, 5), seat(C, false, 5)), 5, Set.of());
        assertGoesTo(B, List.of(seat(B, true, 6), seat(C, false, 5)), 5, Set.of(B));
    }

    @Test
    void goesToTheNewestOfSeveralWritableOnes() {
        assertGoesTo(B, List.of(seat(A, true, 5), seat(B, true, 6)), 5, Set.of());
        assertStays(List.of(seat(A, true, 6), seat(B, true, 5)), 6, Set.of());
    }

    @Test
    void staysWhenTwoAreWritableAndNoneIsNewer() {
        assertStays(List.of(seat(B, true, 6), seat(C, true, 6)), 5, Set.of());
    }

    @Test
    void aFormerPrimaryThatComesBackAttractsNobody() {
        assertStays(List.of(seat(B, true, 4)), 5, Set.of());
        assertStays(List.of(seat(B, true, 5)), 5, Set.of(B));
    }

    @Test
    void ofTwoThatKnowTheSameOnlyAReplicaIsNoRival() {
        assertThat(BackendEndpointChoice.isRival(seat(B, true, 6), seat(A, true, 5), Optional.of(replica(B))))
                .isTrue();
        assertThat(BackendEndpointChoice.isRival(seat(B, false, 6), seat(A, true, 5), Optional.empty()))
                .isFalse();
        assertThat(BackendEndpointChoice.isRival(seat(B, true, 4), seat(A, true, 5), Optional.empty()))
                .isFalse();
        assertThat(BackendEndpointChoice.isRival(seat(B, true, 5), seat(A, true, 5), Optional.empty()))
                .isTrue();
        assertThat(BackendEndpointChoice.isRival(seat(B, true, 5), seat(A, true, 5), Optional.of(replica(B))))
                .isFalse();
    }

    @Test
    void aWritableReplicaIsNotGoneTo() {
        assertThat(BackendEndpointChoice.mayBeTheBackend(seat(B, true, 5), Optional.of(replica(B))))
                .isFalse();
        assertThat(BackendEndpointChoice.mayBeTheBackend(seat(B, true, 5), Optional.empty()))
                .isFalse();
        assertThat(BackendEndpointChoice.mayBeTheBackend(
                        seat(B, true, 5),
                        Optional.of(Instance.builder(B, VERSION).build())))
                .isTrue();
    }

    private static Instance replica(InstanceKey key) {
        return Instance.builder(key, VERSION)
                .channels(List.of(ReplicationChannel.builder(A)
                        .receiver(ReplicationThreadState.RUNNING)
                        .build()))
                .build();
    }

    private static void assertStays(List<BackendEndpoint> seen, long lastEpoch, Set<InstanceKey> left) {
        BackendEndpointChoice choice = BackendEndpointChoice.among(seen, A, lastEpoch, left);
        assertThat(choice.seat()).isNull();
        assertThat(choice.why()).isNotBlank();
    }

    private static void assertGoesTo(
            InstanceKey where, List<BackendEndpoint> seen, long lastEpoch, Set<InstanceKey> left) {
        BackendEndpoint chosen =
                BackendEndpointChoice.among(seen, A, lastEpoch, left).seat();
        assertThat(chosen)
                .isEqualTo(seen.stream()
                        .filter(s -> s.address().equals(where))
                        .findFirst()
                        .orElseThrow());
    }

    private static BackendEndpoint seat(InstanceKey key, boolean writable, long epoch) {
        return new BackendEndpoint(key, "uuid of " + key, writable, epoch);
    }
}
