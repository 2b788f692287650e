package dev.orchestrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.testkit.ContinuousWriter.Outcome;
import dev.orchestrator.testkit.ContinuousWriter.Write;
import dev.orchestrator.testkit.server.TestkitException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@RealServers
@Timeout(60)
class ContinuousWriterTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(1);

    @Test
    void followsTheNewPrimaryAndLosesNothingThatWasReplicated() {
        DatabaseServer old = topology.primary();
        DatabaseServer next = topology.server(1);
        try (ContinuousWriter writer =
                ContinuousWriter.builder(old.key()).clients(2).start()) {
            writer.awaitAcknowledged(50, LIMIT);
            assertThat(writer.acknowledged()).allSatisfy(write -> {
                assertThat(write.server()).isEqualTo(old.key());
                assertThat(write.gtid()).startsWith(old.queryValue("SELECT @@server_uuid") + ":");
            });

            // Refuses from here on, so that everything acknowledged can be waited for.
            old.execute("SET GLOBAL read_only = 1");
            next.awaitExecuted(old.executedGtids(), LIMIT);
            old.kill9();
            next.execute(
                    "STOP REPLICA", "RESET REPLICA ALL", "SET GLOBAL super_read_only = 0", "SET GLOBAL read_only = 0");
            writer.switchTo(next);
            writer.awaitAcknowledgedBy(next.key(), LIMIT);
            writer.stop();
            int written = writer.writes().size();

            assertThat(writer.missingOn(next)).isEmpty();
            assertThat(writer.firstAcknowledgedBy(next.key()))
                    .get()
                    .satisfies(write ->
                            assertThat(write.gtid()).startsWith(next.queryValue("SELECT @@server_uuid") + ":"));
            assertThat(writer.writes()).extracting(Write::id).doesNotHaveDuplicates();
            assertThat(written).isEqualTo(writer.writes().size());
        }
    }

    @Test
    void namesTheAcknowledgedWritesThatAReplicaNeverGot() {
        DatabaseServer primary = topology.primary();
        DatabaseServer replica = topology.server(1);
        try (TcpProxy link = TcpProxy.to(primary);
                ContinuousWriter writer = ContinuousWriter.start(primary)) {
            replica.replicateFrom(link.host(), link.port());
            writer.awaitAcknowledged(20, LIMIT);
            replica.awaitExecuted(primary.executedGtids(), LIMIT);
            link.blackhole();
            writer.awaitAcknowledged(writer.acknowledged().size() + 20, LIMIT);

            primary.kill9();
            link.cut();
            writer.stop();
            replica.awaitApplied(LIMIT);
            List<Write> lost = writer.missingOn(replica);

            // One may have gone to the replica before the blackhole and been acknowledged to the writer after it.
            assertThat(lost).hasSizeGreaterThanOrEqualTo(19);
            String executed = replica.executedGtids();
            assertThat(lost)
                    .allSatisfy(write -> assertThat(replica.queryValue(
                                    "SELECT GTID_SUBSET('" + write.gtid() + "', '" + executed + "')"))
                            .isEqualTo("0"));
            primary.startAgain();
            assertThat(writer.missingOn(primary)).isEmpty();
            assertThat(writer.unknown()).hasSizeLessThanOrEqualTo(1);
        }
    }

    /** The driver holds its listeners weakly: one that only it knew took GTID and outcome of a write along when collected. */
    @Test
    void aGarbageCollectionTakesNoGtidAndNoOutcomeAway() {
        try (ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
            for (int i = 0; i < 5; i++) {
                writer.awaitAcknowledged(writer.acknowledged().size() + 5, LIMIT);
                System.gc();
            }
            writer.awaitAcknowledged(writer.acknowledged().size() + 5, LIMIT);
            writer.stop();

            assertThat(writer.unknown()).isEmpty();
            assertThat(writer.acknowledged())
                    .allSatisfy(write -> assertThat(write.gtid()).isNotNull());
        }
    }

    @Test
    void tellsRefusedWritesFromUnknownOnes() {
        DatabaseServer primary = topology.primary();
        try (ContinuousWriter writer = ContinuousWriter.start(primary)) {
            writer.awaitAcknowledged(5, LIMIT);
            primary.execute("SET GLOBAL read_only = 1");
            assertThatThrownBy(() -> writer.awaitAcknowledged(1_000_000, Duration.ofMillis(100)))
                    .isInstanceOf(TestkitException.class)
                    .hasMessageContaining("--read-only");
            writer.stop();

            assertThat(writer.writes())
                    .last()
                    .satisfies(write -> assertThat(write.outcome()).isEqualTo(Outcome.REFUSED));
            assertThat(writer.unknown()).isEmpty();
            assertThat(writer.missingOn(primary)).isEmpty();
        }
    }

    @Test
    void givesUpAWriteThatAFrozenServerDoesNotAnswerAndKeepsItAsUnknown() {
        DatabaseServer primary = topology.primary();
        try (ContinuousWriter writer = ContinuousWriter.start(primary)) {
            writer.awaitAcknowledged(5, LIMIT);
            primary.freeze();
            try {
                writer.stop();
            } finally {
                primary.thaw();
            }
            assertThat(writer.unknown()).hasSizeLessThanOrEqualTo(1);
            assertThat(writer.missingOn(primary)).isEmpty();
        }
    }
}
