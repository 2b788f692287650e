package dev.orchestrator.testkit.internal;

import dev.orchestrator.testkit.internal.fetch.ShellCommands;
import dev.orchestrator.testkit.server.TestkitException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that cannot outlive this JVM: a shell between the two kills it when the pipe from the JVM closes, which the
 * kernel does even when the JVM is killed. The shell also reaps it, so that no zombie keeps its pid.
 */
final class WatchedProcess {
    // $1: file for its output; the rest: the command. The killer is ended before the shell is, and the shell waits for
    // the process, so a pid that was given to somebody else is never killed.
    private static final String WATCH = """
            log=$1; shift
            "$@" </dev/null >>"$log" 2>&1 & p=$!
            echo $p
            exec 3<&0
            { read -r never <&3; kill -9 $p 2>/dev/null; } & k=$!
            exec 3<&- </dev/null
            wait $p; rc=$?
            kill -9 $k 2>/dev/null; wait $k 2>/dev/null
            exit $rc""";

    private final Process shell;
    private final ProcessHandle process;

    private WatchedProcess(Process shell, ProcessHandle process) {
        this.shell = shell;
        this.process = process;
    }

    /** What to start, where, and which file its output is added to. */
    record Start(List<String> command, Map<String, String> environment, Path directory, Path output) {}

    static WatchedProcess start(Start start) throws IOException {
        List<String> command = new ArrayList<>(ownSession());
        command.addAll(
                List.of("/bin/sh", "-c", WATCH, "otk-watch", start.output().toString()));
        command.addAll(start.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(start.directory().toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(start.output().toFile()));
        builder.environment().putAll(start.environment());
        Process shell = builder.start();
        String pid =
                new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.US_ASCII)).readLine();
        if (pid == null) {
            throw new TestkitException(
                    "the shell that should start " + start.command().get(0) + " ended at once");
        }
        ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElse(shell.toHandle());
        return new WatchedProcess(shell, process);
    }

    /** ReplicationVocabulary before a command that keep the terminal's Ctrl-C away from it; none where there is no setsid. */
    static List<String> ownSession() {
        return Files.isExecutable(Path.of("/usr/bin/setsid")) ? List.of("/usr/bin/setsid") : List.of();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return shell.isAlive();
    }

    /** SIGKILL, and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        if (!awaitEnd(Duration.ofSeconds(20))) {
            throw new TestkitException("process " + pid() + " is still there 20 s after SIGKILL");
        }
    }

    /** SIGTERM; does not wait. */
    void terminate() {
        process.destroy();
    }

    /** Sends STOP or CONT. */
    void signal(String name) {
        if (!isAlive()) {
            throw new TestkitException("cannot send " + name + ": the server is not running");
        }
        try {
            ShellCommands.Result result =
                    ShellCommands.run(List.of("/bin/sh", "-c", "kill -$1 $2", "kill", name, Long.toString(pid())));
            if (result.exitCode() != 0) {
                throw new TestkitException("cannot send " + name + " to process " + pid() + ": " + result.tail());
            }
        } catch (IOException e) {
            throw new TestkitException("cannot send " + name + " to process " + pid() + ": " + e.getMessage(), e);
        }
    }

    /** True when it ended within the time. */
    boolean awaitEnd(Duration limit) {
        try {
            return shell.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestkitException("interrupted while waiting for the end of process " + pid(), e);
        }
    }
}
