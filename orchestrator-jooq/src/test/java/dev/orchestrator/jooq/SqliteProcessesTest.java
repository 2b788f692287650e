package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one SQLite file, from its making on. */
class SqliteProcessesTest {
    @Test
    void neverGiveALeaseToTwoAtOnce(@TempDir Path dir) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(start(dir, i));
        }
        TreeMap<Long, long[]> tenures = new TreeMap<>();
        int[] processesWithTenures = new int[1];
        for (int i = 0; i < processes.size(); i++) {
            assertThat(processes.get(i).waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(processes.get(i).exitValue())
                    .as(Files.readString(dir.resolve("err" + i)))
                    .isZero();
            List<String> lines = Files.readAllLines(dir.resolve("out" + i));
            processesWithTenures[0] += lines.isEmpty() ? 0 : 1;
            for (String line : lines) {
                String[] parts = line.split(" ");
                long[] times = {Long.parseLong(parts[1]), Long.parseLong(parts[2])};
                assertThat(tenures.put(Long.parseLong(parts[0]), times))
                        .as("epoch %s came twice", parts[0])
                        .isNull();
            }
        }
        assertThat(processesWithTenures[0]).as("processes that led").isGreaterThan(1);
        long over = Long.MIN_VALUE;
        for (var tenure : tenures.entrySet()) {
            assertThat(tenure.getKey()).as("an epoch was lost before its time").isPositive();
            assertThat(tenure.getValue()[0])
                    .as("begin of epoch %d", tenure.getKey())
                    .isGreaterThan(over);
            over = tenure.getValue()[1];
        }
    }

    private static Process start(Path dir, int i) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeaseRunner.class.getName(),
                        dir.resolve("shared.db").toString(),
                        "3000")
                .redirectOutput(dir.resolve("out" + i).toFile())
                .redirectError(dir.resolve("err" + i).toFile())
                .start();
    }
}
