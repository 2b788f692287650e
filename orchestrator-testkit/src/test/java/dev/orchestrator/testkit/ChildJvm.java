package dev.orchestrator.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A JVM of its own that starts two servers, freezes one, tells about them and waits for its end. */
final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** What the child started. */
    record Servers(List<Long> pids, Path folder) {
        boolean anyIsAlive() {
            return pids.stream().anyMatch(pid -> ProcessHandle.of(pid).isPresent());
        }
    }

    static ChildJvm start(String... systemProperties) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(systemProperties));
        command.add(ChildJvm.class.getName());
        return new ChildJvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Waits until its servers are up. */
    Servers servers() throws IOException {
        String pids = Objects.requireNonNull(output.readLine(), "the child ended before its servers were up");
        String folder = Objects.requireNonNull(output.readLine(), "the child ended before it named its folder");
        return new Servers(Stream.of(pids.split(" ", -1)).map(Long::valueOf).toList(), Path.of(folder));
    }

    void kill9() {
        process.destroyForcibly();
    }

    /** Lets it end by itself. */
    int end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Runs in the child. It closes nothing: what it started must go without its help. */
    @SuppressWarnings("resource")
    public static void main(String[] arguments) throws IOException {
        ReplicationTopology topology =
                ReplicationTopology.primaryWithReplicas(1).start();
        List<String> pids = topology.servers().stream()
                .map(server -> Long.toString(server.pid()))
                .toList();
        topology.server(1).freeze();
        System.out.println(String.join(" ", pids));
        System.out.println(topology.primary().dataDir().resolve("../..").normalize());
        while (System.in.read() >= 0) {
            // Waits for the parent to close the pipe, or to kill us.
        }
    }
}
