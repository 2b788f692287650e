package dev.orchestrator.cli.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.cli.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own. */
class ServiceProcessTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    @EnabledOnOs(OS.LINUX)
    void aHangUpDoesNotEndItAndIsSaidInTheLog() throws Exception {
        Path log = directory.resolve("log");
        Path configuration = Files.writeString(
                directory.resolve("orchestrator.conf.json"), """
                {"BackendDB": "sqlite", "SQLite3DataFile": "%s", "ListenAddress": "127.0.0.1:0"}
                """.formatted(directory.resolve("backend.sqlite3")));
        // A build that was started with nohup hands an ignored SIGHUP on, which no process can hear of.
        Process service = new ProcessBuilder(
                        "env",
                        "--default-signal=HUP",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "-config=" + configuration,
                        "http")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            awaitLine(log, "is listening on");
            Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(service.pid())).start();
            assertThat(kill.waitFor()).isZero();
            awaitLine(log, "SIGHUP: the configuration is not read again");
            assertThat(service.isAlive()).isTrue();

            service.destroy();
            assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            service.destroyForcibly();
        }
    }

    private static void awaitLine(Path log, String text) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(Files.readString(log)).contains(text));
    }
}
