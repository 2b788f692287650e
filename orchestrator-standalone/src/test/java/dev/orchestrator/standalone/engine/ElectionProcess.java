package dev.orchestrator.standalone.engine;

import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.engine.Elections;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.JooqBackendOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process of its own that stands for election and says every few milliseconds what it believes. */
final class ElectionProcess implements AutoCloseable {
    private final Process process;
    private final List<String> said = new CopyOnWriteArrayList<>();

    private ElectionProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "election-process-output");
        reader.setDaemon(true);
        reader.start();
    }

    static ElectionProcess start(Path file, String node, Duration ttl) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ElectionProcess.class.getName(),
                        file.toString(),
                        node,
                        Long.toString(ttl.toMillis()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new ElectionProcess(process);
    }

    /** The last thing it said. */
    String lastSaid() {
        int size = said.size();
        return size == 0 ? "" : said.get(size - 1);
    }

    int linesSaid() {
        return said.size();
    }

    String lineAt(int index) {
        return said.get(index);
    }

    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("kill -" + name + " " + process.pid() + " failed");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                said.add(line);
            }
        } catch (IOException e) {
            said.add("output ended: " + e.getMessage());
        }
    }

    /** Runs in the other process. Ends with it: whoever started it kills it. */
    public static void main(String[] args) {
        Duration ttl = Duration.ofMillis(Long.parseLong(args[2]));
        try (JooqBackend backend = JooqBackend.sqlite(Path.of(args[0]), JooqBackendOptions.forService());
                LeaderElection election = Elections.join(backend, "leader", args[1], ttl, ttl.dividedBy(4))) {
            while (!System.out.checkError()) {
                System.out.println(election.standing() + " " + election.epoch().orElse(0));
                LockSupport.parkNanos(5_000_000);
            }
        }
    }
}
