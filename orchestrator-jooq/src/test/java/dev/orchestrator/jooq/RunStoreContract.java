package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.Node;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.RunningChange;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.RunStore;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of running changes does. */
abstract class RunStoreContract extends StoreContract {
    private static final Actor ANN = new Actor("ann", Origin.CLI, "node1");
    private static final Actor BOB = new Actor(WILD, Origin.HTTP, "node2");
    private RunStore runs;

    RunStoreContract(Supplier<TestBackend> kind) {
        super(kind);
    }

    @BeforeEach
    void store() {
        runs = backend.runs();
    }

    private static RunningChange run(String uid, String nodeToken) {
        List<InstanceKey> servers = List.of(new InstanceKey("db1", 3306), new InstanceKey("db2", 3306));
        return new RunningChange(
                uid, "relocate", WILD, servers, ANN, "host1", nodeToken, Instant.EPOCH, "", false, null);
    }

    @Test
    void showsWhatRunsUntilItIsOver() {
        runs.begin(run("u1", "t1"));
        runs.begin(run("u2", "t2"));
        runs.phase("u2", "promote");
        runs.phase("unknown", "promote");
        RunningChange second = runs.running().get(1);
        assertThat(second.since()).isAfter(Instant.EPOCH);
        assertThat(second)
                .usingRecursiveComparison()
                .ignoringFields("since", "phase")
                .isEqualTo(run("u2", "t2"));
        assertThat(second.phase()).isEqualTo("promote");
        runs.end("u2", "t1");
        assertThat(runs.running()).extracting(RunningChange::uid).containsExactly("u1", "u2");
        runs.end("u2", "t2");
        assertThat(runs.running()).extracting(RunningChange::uid).containsExactly("u1");
    }

    @Test
    void oneThatBeginsAgainElsewhereIsTheOtherNodesFromThenOn() {
        runs.begin(run("u1", "t1"));
        runs.askToStop("u1", BOB);
        runs.begin(run("u1", "t2"));
        runs.end("u1", "t1");
        assertThat(runs.running()).extracting(RunningChange::nodeToken).containsExactly("t2");
        assertThat(runs.askedToStop("t2")).isEmpty();
    }

    @Test
    void tellsTheProcessThatRunsItWhoFirstWantedItStopped() {
        runs.begin(run("u1", "t1"));
        runs.begin(run("u2", "t2"));
        assertThat(runs.askToStop("unknown", BOB)).isFalse();
        assertThat(runs.askToStop("u1", BOB)).isTrue();
        assertThat(runs.askToStop("u1", ANN)).isTrue();
        assertThat(runs.askedToStop("t1")).containsExactly("u1");
        assertThat(runs.askedToStop("t2")).isEmpty();
        RunningChange.Cancellation cancellation = runs.running().get(0).cancellation();
        assertThat(cancellation).extracting(RunningChange.Cancellation::by).isEqualTo(BOB);
        assertThat(cancellation).extracting(RunningChange.Cancellation::at).isNotNull();
        assertThat(runs.running().get(1).cancellation()).isNull();
    }

    @Test
    void showsWhatAChangeDoesThatWasAskedToStop() {
        runs.begin(run("u1", "t1"));
        runs.askToStop("u1", BOB);
        assertThat(runs.running().get(0).cancelOutcome()).isEmpty();
        runs.answer("u1", CancelOutcome.FINISHES);
        runs.answer("unknown", CancelOutcome.FINISHES);
        assertThat(runs.running().get(0).cancelOutcome()).contains(CancelOutcome.FINISHES);
        runs.begin(run("u1", "t2"));
        assertThat(runs.running().get(0).cancelOutcome()).isEmpty();
    }

    @Test
    void saysOfWhichProcessNothingIsHeardAnyMore() {
        backend.nodes().heartbeat(new Node("host1", "alive", "1.0", "http", "x", Instant.EPOCH, Instant.EPOCH));
        runs.begin(run("u1", "alive"));
        runs.begin(run("u2", "gone"));
        assertThat(runs.running()).noneMatch(RunningChange::silent);
        place.execute("UPDATE orc_run SET begun_at = begun_at - 11000000");
        assertThat(runs.running()).extracting(RunningChange::silent).containsExactly(false, true);
        place.execute("UPDATE orc_node SET last_seen = last_seen - 11000000");
        assertThat(runs.running()).extracting(RunningChange::silent).containsExactly(true, true);
    }

    @Test
    void removesTheChangesOfProcessesThatVanishedButNoneThatIsYoung() {
        backend.nodes().heartbeat(new Node("host1", "alive", "1.0", "http", "x", Instant.EPOCH, Instant.EPOCH));
        runs.begin(run("u1", "alive"));
        runs.begin(run("u2", "gone"));
        assertThat(runs.purge()).isZero();
        place.execute("UPDATE orc_run SET begun_at = begun_at - 61000000");
        runs.begin(run("u3", "gone too"));
        assertThat(runs.purge()).isEqualTo(1);
        assertThat(runs.running()).extracting(RunningChange::uid).containsExactly("u1", "u3");
    }
}
