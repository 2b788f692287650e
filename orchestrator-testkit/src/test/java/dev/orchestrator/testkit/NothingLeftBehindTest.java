package dev.orchestrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.testkit.ChildJvm.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@RealServers
@Timeout(120)
class NothingLeftBehindTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Test
    void serversAndFoldersGoWhenTheJvmIsKilled() throws Exception {
        try (ChildJvm child = ChildJvm.start()) {
            Servers servers = child.servers();
            assertThat(servers.pids())
                    .hasSize(2)
                    .allMatch(pid -> ProcessHandle.of(pid).isPresent());
            assertThat(servers.folder()).isDirectory();

            child.kill9();

            await().atMost(LIMIT).until(() -> !servers.anyIsAlive());
            await().atMost(LIMIT).until(() -> !Files.exists(servers.folder()));
        }
    }

    @Test
    void serversAndFoldersGoWhenTheJvmEndsWithoutClosingThem() throws Exception {
        try (ChildJvm child = ChildJvm.start()) {
            Servers servers = child.servers();

            assertThat(child.end()).isZero();

            await().atMost(LIMIT).until(() -> !servers.anyIsAlive());
            await().atMost(LIMIT).until(() -> !Files.exists(servers.folder()));
        }
    }

    @Test
    void twoJvmsMayFillAnEmptyCacheAtOnceAndBothStandInsServe(@TempDir Path cache) throws Exception {
        String inHere = "-Dorchestrator.testkit.cache=" + cache;
        String standIns = "-Dorchestrator.testkit.standins=force";
        try (ChildJvm one = ChildJvm.start(inHere, standIns);
                ChildJvm two = ChildJvm.start(inHere, standIns)) {
            Servers ofOne = one.servers();
            Servers ofTwo = two.servers();

            assertThat(ofOne.pids()).doesNotContainAnyElementsOf(ofTwo.pids());
            String maps = Files.readString(Path.of("/proc", ofOne.pids().get(0).toString(), "maps"));
            assertThat(maps)
                    .contains(cache + "/stand-in-libaio-")
                    .contains(cache + "/stand-in-libnuma-")
                    .doesNotContain("/lib/x86_64-linux-gnu/libnuma");
            try (Stream<Path> entries = Files.list(cache)) {
                assertThat(entries.filter(Files::isDirectory)
                                .map(path -> path.getFileName().toString()))
                        .hasSize(4)
                        .noneMatch(name -> name.startsWith(".tmp"));
            }
        }
    }
}
