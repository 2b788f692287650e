package dev.orchestrator.testkit.internal;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.TestkitException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;

/** A server in a container: kill, stop, freeze and thaw are those of Docker. */
final class DockerServer implements ServerHandle {
    static final String CONFIGURATION = "/etc/mysql/conf.d/orchestrator-testkit.cnf";
    static final Path GENERAL_LOG = Path.of("/var/lib/mysql/general.log");
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final GenericContainer<?> container;
    private final String id;
    private final int port;

    DockerServer(GenericContainer<?> container, int port) {
        this.container = container;
        this.id = container.getContainerId();
        this.port = port;
    }

    /** Waits until the final server answers; the one with which the image makes its users does not listen. */
    void awaitReady() {
        String url = ServerAccess.jdbcUrl("127.0.0.1", port, "") + "&connectTimeout=1000&socketTimeout=5000";
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try (Connection connection = DriverManager.getConnection(
                    url, ServerAccess.APPLICATION_USER, ServerAccess.APPLICATION_PASSWORD)) {
                if (connection.isValid(5)) {
                    return;
                }
            } catch (SQLException e) {
                if (System.nanoTime() > deadline || !isRunning()) {
                    List<String> log = errorLog();
                    throw new TestkitException(
                            "the server in container " + id + " does not answer; its log ends with:\n"
                                    + String.join("\n", log.subList(Math.max(0, log.size() - 8), log.size())),
                            e);
                }
            }
            pause();
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public long pid() {
        Long pid = state().getPidLong();
        if (pid == null || pid == 0) {
            throw new TestkitException("container " + id + " is not running");
        }
        return pid;
    }

    @Override
    public boolean isRunning() {
        return Boolean.TRUE.equals(state().getRunning());
    }

    @Override
    public void configure(ServerOptions options) {
        container.copyFileToContainer(
                Transferable.of(MyCnf.textInContainer(options, port, GENERAL_LOG)), CONFIGURATION);
    }

    @Override
    public void startAgain() {
        docker().startContainerCmd(id).exec();
        awaitReady();
    }

    @Override
    public void stop(Duration limit) {
        docker().stopContainerCmd(id).withTimeout((int) limit.toSeconds()).exec();
    }

    @Override
    public void kill() {
        docker().killContainerCmd(id).withSignal("KILL").exec();
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (isRunning()) {
            if (System.nanoTime() > deadline) {
                throw new TestkitException("container " + id + " is still running 20 s after SIGKILL");
            }
            pause();
        }
    }

    @Override
    public void freeze() {
        docker().pauseContainerCmd(id).exec();
    }

    @Override
    public void thaw() {
        docker().unpauseContainerCmd(id).exec();
    }

    @Override
    public Path dataDir() {
        return Path.of("/var/lib/mysql");
    }

    @Override
    public List<String> errorLog() {
        return container.getLogs().lines().toList();
    }

    @Override
    public List<String> generalLog() {
        try {
            return container
                    .execInContainer(StandardCharsets.UTF_8, "sh", "-c", "cat " + GENERAL_LOG + " 2>/dev/null || true")
                    .getStdout()
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new TestkitException("cannot read the general log of container " + id + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestkitException("interrupted while reading the general log of container " + id, e);
        }
    }

    @Override
    public void discard() {
        container.stop();
        FreePorts.release(port);
    }

    private ContainerState state() {
        return docker().inspectContainerCmd(id).exec().getState();
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestkitException("interrupted while waiting for a container", e);
        }
    }
}
