package dev.orchestrator.bench.series;

import dev.orchestrator.api.LeaderElection.Leader;
import dev.orchestrator.bench.process.Futures;
import dev.orchestrator.bench.process.Launcher;
import dev.orchestrator.bench.process.SeriesScope;
import dev.orchestrator.bench.process.ServiceProcess;
import dev.orchestrator.bench.process.Waiting;
import dev.orchestrator.standalone.StandaloneOrchestrator;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Services of which the leader ends again and again. */
final class LeadershipSeries implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LeadershipSetup setup;
    private final SeriesScope scope;
    private final SharedBackend backend;
    private final StandaloneOrchestrator onlooker;
    private final ServiceGroup group;

    private LeadershipSeries(LeadershipSetup setup, Launcher launcher, SeriesScope scope, SharedBackend backend) {
        this.setup = setup;
        this.scope = scope;
        this.backend = backend;
        this.onlooker = backend.onlooker();
        this.group = ServiceGroup.start(setup.services(), setup.ttl(), backend, launcher, scope);
    }

    static LeadershipSeries start(LeadershipSetup setup, Launcher launcher) {
        SeriesScope scope = new SeriesScope();
        SharedBackend backend = SharedBackend.start(setup.backend(), scope);
        try {
            return new LeadershipSeries(setup, launcher, scope, backend);
        } catch (RuntimeException e) {
            backend.close();
            scope.close();
            throw e;
        }
    }

    /**
     * What one run came to.
     *
     * @param former which service ended
     * @param heir which service led then
     * @param freed from the signal until the backend showed the lease free or another's; of worth after SIGTERM
     * @param led from the signal until another service said that it leads
     * @param epochs by how much the epoch grew
     * @param replacement what became of the primary, null when none was killed
     */
    record Run(
            String former,
            String heir,
            Duration freed,
            Duration led,
            long epochs,
            WatchedTopology.@Nullable Replacement replacement) {}

    /** Ends the leader once, and brings it back afterwards. */
    Run run() {
        ServiceProcess former = group.awaitLeader();
        if (!setup.withPrimary()) {
            return endLeader(former, null);
        }
        try (WatchedTopology topology = WatchedTopology.start(List.of())) {
            topology.discoverThrough(() -> former, onlooker);
            return endLeader(group.awaitLeader(), topology);
        }
    }

    private Run endLeader(ServiceProcess former, @Nullable WatchedTopology topology) {
        Leader before = leader().orElseThrow();
        List<ServiceProcess> others = group.others(former);
        long begin = System.nanoTime();
        if (setup.sigterm()) {
            former.terminate();
        } else {
            former.kill9();
        }
        if (topology != null) {
            topology.killPrimary();
        }
        Future<Duration> freed = ForkJoinPool.commonPool().submit(() -> {
            Waiting.until("the lease is not the former leader's", PATIENCE, () -> !isStill(before));
            return since(begin);
        });
        Future<WatchedTopology.Replacement> replaced =
                topology == null ? null : ForkJoinPool.commonPool().submit(() -> topology.awaitReplacement(begin));
        ServiceProcess heir = awaitHeir(others);
        Duration led = since(begin);
        WatchedTopology.Replacement replacement = topology == null || replaced == null
                ? null
                : topology.settle(Futures.get(replaced), () -> heir, onlooker);
        Leader after = leader().orElseThrow();
        former.awaitEnd();
        former.startAgain();
        former.awaitAnswers();
        return new Run(
                former.name(), heir.name(), Futures.get(freed), led, after.epoch() - before.epoch(), replacement);
    }

    private static ServiceProcess awaitHeir(List<ServiceProcess> others) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            for (ServiceProcess other : others) {
                if (other.leads()) {
                    return other;
                }
            }
            Waiting.pause(Duration.ofMillis(5));
        }
        throw new IllegalStateException("no other service led within " + PATIENCE.toSeconds() + " s");
    }

    private boolean isStill(Leader before) {
        return leader().filter(now -> now.token().equals(before.token())).isPresent();
    }

    private Optional<Leader> leader() {
        return onlooker.orchestrator().leaderElection().leader();
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Override
    public void close() {
        onlooker.close();
        scope.close();
        backend.close();
    }
}
