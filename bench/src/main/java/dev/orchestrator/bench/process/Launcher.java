package dev.orchestrator.bench.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How processes are started.
 *
 * @param orchestrator what begins an orchestrator command line
 */
public record Launcher(List<String> orchestrator) {
    /** The command that a user has; the scripts say where it is. */
    public static Launcher installed() {
        String command = System.getProperty("orchestrator.command");
        if (command == null) {
            throw new IllegalStateException("run the scripts under bench/, which say where bin/orchestrator is");
        }
        return new Launcher(List.of(command));
    }

    /** This process's class path, for where the command is not built yet. */
    public static Launcher classPath() {
        return new Launcher(java("dev.orchestrator.cli.Main"));
    }

    public List<String> commandLine(Path configuration, String... words) {
        List<String> line = new ArrayList<>(orchestrator);
        line.add("-config=" + configuration);
        line.addAll(List.of(words));
        return line;
    }

    /** A program of this process's class path. */
    public static List<String> java(String main, String... args) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx128m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        line.addAll(List.of(args));
        return line;
    }
}
