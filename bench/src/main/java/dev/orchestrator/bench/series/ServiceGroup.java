package dev.orchestrator.bench.series;

import dev.orchestrator.bench.process.Launcher;
import dev.orchestrator.bench.process.SeriesScope;
import dev.orchestrator.bench.process.ServiceProcess;
import dev.orchestrator.bench.process.Waiting;
import dev.orchestrator.testkit.DatabaseServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;

/** Services on one backend; they end with the scope. */
final class ServiceGroup {
    private static final int FIRST_PORT = 12_000;
    private static final int LAST_PORT = 30_000;

    private final List<ServiceProcess> services;

    private ServiceGroup(List<ServiceProcess> services) {
        this.services = List.copyOf(services);
    }

    /** Starts that many services, one account for all of them on the watched servers. */
    static ServiceGroup start(int count, Duration ttl, SharedBackend backend, Launcher launcher, SeriesScope scope) {
        return start(count, ttl, i -> backend.keys(), i -> DatabaseServer.ORCHESTRATOR_USER, launcher, scope);
    }

    /** Starts that many services, each with a way to the backend and an account on the watched servers of its own. */
    static ServiceGroup start(
            int count,
            Duration ttl,
            IntFunction<Map<String, Object>> backend,
            IntFunction<String> account,
            Launcher launcher,
            SeriesScope scope) {
        List<ServiceProcess> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "service-" + (i + 1);
            int port = freePort();
            Path file = scope.write(
                    name + ".conf.json",
                    new Configuration(name, backend.apply(i))
                            .topologyUser(account.apply(i))
                            .listen(port)
                            .lease(ttl)
                            .json());
            started.add(new ServiceProcess(name, port, file, launcher, scope));
        }
        started.forEach(ServiceProcess::awaitAnswers);
        return new ServiceGroup(started);
    }

    List<ServiceProcess> services() {
        return services;
    }

    /** The service that says it leads. */
    Optional<ServiceProcess> leader() {
        return services.stream()
                .filter(ServiceProcess::isRunning)
                .filter(ServiceProcess::leads)
                .findFirst();
    }

    ServiceProcess awaitLeader() {
        Waiting.until("a service leads", Duration.ofSeconds(30), () -> leader().isPresent());
        return leader().orElseGet(this::awaitLeader);
    }

    List<ServiceProcess> others(ServiceProcess one) {
        return services.stream().filter(s -> s != one).toList();
    }

    ServiceProcess random() {
        return services.get(ThreadLocalRandom.current().nextInt(services.size()));
    }

    /** Below the ports of outgoing connections, so that a service that was killed finds its port free again. */
    private static int freePort() {
        for (int attempt = 0; attempt < 1000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException e) {
                // Taken: another one.
                continue;
            }
        }
        throw new IllegalStateException("no free port between " + FIRST_PORT + " and " + LAST_PORT);
    }
}
