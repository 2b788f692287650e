package dev.orchestrator.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.standalone.settings.BackendSettings;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneOrchestratorTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void aServiceOpensItsBackendLeadsAndCloses() {
        StandaloneSettings settings = sqlite(folder.resolve("state/orchestrator.sqlite3"));
        try (StandaloneOrchestrator standalone = StandaloneOrchestrator.forService(settings, "http")) {
            standalone.start();

            Orchestrator orchestrator = standalone.orchestrator();
            assertThat(orchestrator.config().nodeName()).isNotEmpty();
            await().atMost(LONG)
                    .until(() -> orchestrator.leaderElection().standing() == LeaderElection.Standing.LEADING);
            assertThat(orchestrator.fleet().members()).isEmpty();
        }
        assertThat(folder.resolve("state/orchestrator.sqlite3")).exists();
    }

    @Test
    void aCommandWorksBesideTheService() {
        StandaloneSettings settings = sqlite(folder.resolve("orchestrator.sqlite3"));
        try (StandaloneOrchestrator service = StandaloneOrchestrator.forService(settings, "http");
                StandaloneOrchestrator command = StandaloneOrchestrator.forCommand(settings, "clusters")) {
            service.start();

            assertThat(command.orchestrator().fleet().clusters()).isEmpty();
            assertThat(command.orchestrator().leaderElection().standing())
                    .isNotEqualTo(LeaderElection.Standing.LEADING);
        }
    }

    @Test
    void aCommandFailsWhenItsBackendIsDown() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> StandaloneOrchestrator.forCommand(sqlite(file.resolve("below.sqlite3")), "clusters"))
                .isInstanceOf(OrchestratorException.class)
                .extracting(e -> ((OrchestratorException) e).code())
                .isEqualTo(ErrorCode.BACKEND_UNAVAILABLE);
    }

    @Test
    void aServiceWaitsForItsBackendAndSaysSinceWhenAndWhyUntilThen() {
        StandaloneSettings settings = sqlite(folder.resolve("orchestrator.sqlite3"));
        AtomicBoolean down = new AtomicBoolean(true);
        AtomicInteger attempts = new AtomicInteger();
        try (StandaloneOrchestrator standalone = new StandaloneOrchestrator(settings, () -> {
            attempts.incrementAndGet();
            if (down.get()) {
                throw new OrchestratorException(ErrorCode.BACKEND_UNAVAILABLE, "connection refused");
            }
            return Assembly.service(settings, "http");
        })) {
            standalone.openOrRetry();
            standalone.start();

            assertThatThrownBy(standalone::orchestrator)
                    .hasMessageMatching(
                            "the backend \\(sqlite in .*\\) cannot be used since \\d{4}-.* UTC, tried \\d+ times: connection refused");
            await().atMost(LONG).until(() -> attempts.get() >= 2);
            down.set(false);
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(
                                    standalone.orchestrator().leaderElection().standing())
                            .isEqualTo(LeaderElection.Standing.LEADING));
        }
    }

    @Test
    void afterClosingThereIsNone() {
        StandaloneOrchestrator standalone =
                StandaloneOrchestrator.forService(sqlite(folder.resolve("orchestrator.sqlite3")), "http");
        standalone.close();
        standalone.close();

        assertThatThrownBy(standalone::orchestrator).hasMessageContaining("closed");
    }

    @Test
    void aBackendInMemoryIsForgottenWithTheProcess() {
        StandaloneSettings settings = StandaloneSettings.builder()
                .backend(BackendSettings.sqlite(":memory:"))
                .build();
        try (StandaloneOrchestrator standalone = StandaloneOrchestrator.forCommand(settings, "x")) {
            assertThat(standalone.orchestrator().backendDescription()).doesNotContain(":memory:");
        }
        assertThat(Path.of(":memory:")).doesNotExist();
    }

    private static StandaloneSettings sqlite(Path file) {
        return StandaloneSettings.builder()
                .backend(BackendSettings.sqlite(file.toString()))
                .topologyCredentials(new Credentials("orc", "secret"))
                .build();
    }
}
