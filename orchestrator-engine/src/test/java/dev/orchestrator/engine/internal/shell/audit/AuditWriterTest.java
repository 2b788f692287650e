package dev.orchestrator.engine.internal.shell.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.Origin;
import dev.orchestrator.engine.fake.InMemoryBackend;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditWriterTest {
    private static final Actor ALICE = new Actor("alice", Origin.CLI, "host1");

    private final InMemoryBackend backend = InMemoryBackend.onSystemClock();
    private final AuditWriter writer = new AuditWriter(backend.audit(), 100);

    @AfterEach
    void close() {
        backend.comeBack();
        writer.close();
    }

    @Test
    void writesSoonAndInBatches() {
        IntStream.range(0, 50).forEach(i -> writer.record(entry(i)));
        await().until(() -> messages().size() == 50);
        assertThat(backend.calls()).as("one statement, and our own looks").isLessThan(50);
        assertThat(messages()).first().isEqualTo("49");
        assertThat(messages()).last().isEqualTo("0");
    }

    @Test
    void keepsWhatIsRecordedWhileTheBackendIsAway() {
        backend.goAway();
        IntStream.range(0, 130).forEach(i -> writer.record(entry(i)));
        long before = backend.calls();
        await().until(() -> backend.calls() > before);
        backend.comeBack();
        await().atMost(Duration.ofSeconds(5)).until(() -> messages().size() == 100);
        assertThat(messages()).last().isEqualTo("30");
    }

    @Test
    void closingWritesTheRest() {
        writer.record(entry(1));
        writer.close();
        assertThat(messages()).containsExactly("1");
    }

    @Test
    void closingDoesNotWaitForABackendThatHangs() {
        writer.record(entry(1));
        backend.hang();
        writer.close();
        backend.comeBack();
        assertThat(messages()).isEmpty();
    }

    private List<String> messages() {
        return backend.anotherNode().audit().read(null, 0, 1000).stream()
                .map(AuditEntry::message)
                .toList();
    }

    private static AuditEntry entry(int number) {
        return new AuditEntry(0, null, "test", null, "", ALICE, String.valueOf(number));
    }
}
