package dev.orchestrator.testkit.internal.fetch;

import dev.orchestrator.testkit.server.TestkitException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs short commands to their end. */
public final class ShellCommands {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** What a command left: its exit code and everything it wrote. */
    public record Result(int exitCode, String output) {
        /** The last part of the output, for a message. */
        public String tail() {
            String text = output.strip();
            return text.length() <= 600 ? text : "… " + text.substring(text.length() - 600);
        }
    }

    /** What to run. {@code input} is a file for its standard input, or null. */
    public record Call(
            List<String> command,
            @Nullable Path directory,
            Map<String, String> environment,
            @Nullable Path input) {}

    /** The program is not on this machine, or may not be run. */
    public static final class CannotRun extends IOException {
        private static final long serialVersionUID = 1;

        CannotRun(String program, IOException cause) {
            super("cannot run " + program + ": " + cause.getMessage(), cause);
        }
    }

    private ShellCommands() {}

    public static Result run(List<String> command) throws IOException {
        return run(new Call(command, null, Map.of(), null));
    }

    public static Result run(Call call) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(call.command()).redirectErrorStream(true);
        builder.environment().putAll(call.environment());
        if (call.directory() != null) {
            builder.directory(call.directory().toFile());
        }
        if (call.input() != null) {
            builder.redirectInput(call.input().toFile());
        }
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new CannotRun(call.command().get(0), e);
        }
        process.onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).exceptionally(tooLong -> {
            process.destroyForcibly();
            return process;
        });
        try {
            if (call.input() == null) {
                process.getOutputStream().close();
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestkitException("interrupted while " + call.command().get(0) + " ran", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
