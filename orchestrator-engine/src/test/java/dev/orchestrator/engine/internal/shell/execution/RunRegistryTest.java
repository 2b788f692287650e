package dev.orchestrator.engine.internal.shell.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.Node;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.RunningChange;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunRegistryTest {
    private static final Actor ANN = new Actor("ann", Origin.CLI, "host1");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final InMemoryBackend backend = InMemoryBackend.onSystemClock();
    private final InMemoryBackend othersWay = backend.anotherNode();
    private final List<AuditEntry> audit = new CopyOnWriteArrayList<>();
    private final RunRegistry here = registry(backend, "here");
    private final RunRegistry elsewhere = registry(othersWay, "elsewhere");

    private RunRegistry registry(InMemoryBackend way, String node) {
        Node self = new Node(node, node + "-token", "1", "http", "memory", Instant.EPOCH, Instant.EPOCH);
        return new RunRegistry(way.runs(), audit::add, self, InstantSource.system(), Ticker.system());
    }

    @AfterEach
    void close() {
        backend.comeBack();
        here.close();
        elsewhere.close();
    }

    private RunRegistry.Run begin(String uid) {
        return here.begin(uid, "relocate", "move", List.of(InstanceKey.parse("db1:3306")), ANN);
    }

    @Test
    void everyNodeSeesAChangeWithItsPhaseUntilItIsOver() {
        RunRegistry.Run run = begin("u1");
        run.phase("repoint");
        await().atMost(PATIENCE)
                .until(() -> elsewhere.running().stream()
                        .map(RunningChange::phase)
                        .toList()
                        .equals(List.of("repoint")));
        assertThat(elsewhere.running().get(0).node()).isEqualTo("here");
        run.close();
        run.close();
        await().atMost(PATIENCE).until(() -> elsewhere.running().isEmpty());
    }

    @Test
    void aCancelOnAnotherNodeReachesTheChangeOnce() {
        AtomicInteger stops = new AtomicInteger();
        RunRegistry.Run run = begin("u1");
        run.controlledBy(counting(stops));
        await().atMost(PATIENCE).until(() -> !elsewhere.running().isEmpty());
        assertThat(elsewhere.cancel("u1", ANN)).isEqualTo(CancelOutcome.ROLLS_BACK);
        assertThat(elsewhere.cancel("u1", ANN)).isEqualTo(CancelOutcome.ROLLS_BACK);
        await().atMost(PATIENCE).until(() -> stops.get() == 1);
        assertThat(elsewhere.running().get(0).cancellation())
                .extracting(RunningChange.Cancellation::by)
                .isEqualTo(ANN);
        assertThat(audit).extracting(AuditEntry::type).containsOnly("cancel");
        await().during(Duration.ofMillis(600)).atMost(PATIENCE).until(() -> stops.get() == 1);
        run.close();
    }

    @Test
    void aCancelInTheSameProcessNeedsNoBackend() {
        AtomicInteger stops = new AtomicInteger();
        backend.hang();
        RunRegistry.Run run = begin("u1");
        run.controlledBy(counting(stops));
        assertThat(here.cancel("u1", ANN)).isEqualTo(CancelOutcome.ROLLS_BACK);
        assertThat(stops).hasValue(1);
        backend.comeBack();
        run.close();
    }

    private static RunControl counting(AtomicInteger stops) {
        return control(
                (why, answer) -> {
                    stops.incrementAndGet();
                    answer.accept(CancelOutcome.ROLLS_BACK);
                },
                why -> {});
    }

    private static RunControl control(BiConsumer<String, Consumer<CancelOutcome>> stop, Consumer<String> abandon) {
        return new RunControl() {
            @Override
            public void stop(String why, Consumer<CancelOutcome> answer) {
                stop.accept(why, answer);
            }

            @Override
            public void abandon(String why) {
                abandon.accept(why);
            }
        };
    }

    @Test
    void atTheEndEveryChangeIsAskedToStopAndAwaited() {
        RunRegistry.Run obedient = begin("u1");
        List<String> told = new CopyOnWriteArrayList<>();
        obedient.controlledBy(control(
                (why, answer) -> {
                    told.add(why);
                    obedient.close();
                },
                why -> told.add("abandoned")));
        assertThat(here.endAll("the engine is closing", PATIENCE)).isTrue();
        assertThat(told).containsExactly("the engine is closing");
    }

    @Test
    void whatIsNotOverInTimeIsAbandonedAndAwaited() {
        RunRegistry.Run stubborn = begin("u1");
        List<String> told = new CopyOnWriteArrayList<>();
        stubborn.controlledBy(control((why, answer) -> told.add(why), why -> {
            told.add(why);
            stubborn.close();
        }));
        assertThat(here.endAll("the engine is closing", Duration.ofMillis(100))).isFalse();
        assertThat(told).containsExactly("the engine is closing", "the engine is closing before it was over");
        assertThat(here.isRunning("u1")).isFalse();
    }

    @Test
    void afterTheEndNothingBegins() {
        here.endAll("the engine is closing", PATIENCE);
        assertThatThrownBy(() -> begin("u1"))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining("nothing was changed")
                .hasMessageContaining("closing");
        assertThat(here.isRunning("u1")).isFalse();
    }

    @Test
    void aCancelThatComesBeforeTheChangeListensReachesItAllTheSame() {
        AtomicInteger stops = new AtomicInteger();
        RunRegistry.Run run = begin("u1");
        assertThat(here.cancel("u1", ANN)).isEqualTo(CancelOutcome.ASKED);
        run.controlledBy(counting(stops));
        await().atMost(PATIENCE).until(() -> stops.get() == 1);
        run.close();
    }

    @Test
    void aChangeThatIsOverMeanwhileAnswersSo() {
        RunRegistry.Run run = begin("u1");
        await().atMost(PATIENCE).until(() -> !elsewhere.running().isEmpty());
        run.controlledBy(control((why, answer) -> run.close(), why -> {}));
        assertThat(elsewhere.cancel("u1", ANN)).isEqualTo(CancelOutcome.ENDED);
    }

    @Test
    void aCancelOfAnUnknownChangeSaysSo() {
        assertThatThrownBy(() -> here.cancel("nobody", ANN))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining("'nobody'")
                .hasMessageContaining("running");
        assertThat(audit).isEmpty();
    }

    @Test
    void asksTheBackendNothingWhileNothingRuns() {
        begin("u1").close();
        await().atMost(PATIENCE).until(() -> othersWay.runs().running().isEmpty() && backend.calls() >= 2);
        long calls = backend.calls();
        await().during(Duration.ofMillis(800)).atMost(PATIENCE).until(() -> backend.calls() == calls);
    }
}
