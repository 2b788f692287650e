package dev.orchestrator.bench.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One service, a process of its own that can be killed, stopped and started again. */
public final class ServiceProcess {
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final String name;
    private final int port;
    private final Path configuration;
    private final Launcher launcher;
    private final SeriesScope scope;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER)
            .build();
    private volatile Process process;

    public ServiceProcess(String name, int port, Path configuration, Launcher launcher, SeriesScope scope) {
        this.name = name;
        this.port = port;
        this.configuration = configuration;
        this.launcher = launcher;
        this.scope = scope;
        this.process = launch();
    }

    private Process launch() {
        return scope.start(new ProcessBuilder(launcher.commandLine(configuration, "http"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        scope.folder().resolve(name + ".log").toFile())));
    }

    public String name() {
        return name;
    }

    /** Starts it again after its end. */
    public void startAgain() {
        process = launch();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    public boolean answers() {
        return status("api/lb-check", ANSWER) == 200;
    }

    /** Whether it says that it leads. */
    public boolean leads() {
        return status("api/leader-check", ANSWER) == 200;
    }

    /** The status of an answer, 0 for none. */
    public int status(String path, Duration limit) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + path))
                .timeout(limit)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            // No answer is what is asked about.
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** SIGKILL; sent when this returns. */
    public void kill9() {
        process.destroyForcibly();
    }

    /** SIGTERM; sent when this returns. */
    public void terminate() {
        process.destroy();
    }

    public void freeze() {
        signal("STOP");
    }

    public void thaw() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .start();
            if (!kill.waitFor(5, TimeUnit.SECONDS)) {
                throw new IllegalStateException("kill -" + signal + " does not end");
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot send a signal to " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    public void awaitEnd() {
        Waiting.until(name + " has ended", Duration.ofSeconds(20), () -> !process.isAlive());
    }

    public void awaitAnswers() {
        Waiting.until(name + " answers (see " + scope.folder() + ")", Duration.ofSeconds(60), this::answers);
    }

    @Override
    public String toString() {
        return name;
    }
}
