package dev.orchestrator.bench.drill;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.servlet.HttpService;
import dev.orchestrator.standalone.ConfigurationFiles;
import dev.orchestrator.standalone.StandaloneOrchestrator;
import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.ReplicationTopology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real topology, the service that watches it, and an application that writes to it; made to be injured. */
public final class FailoverDrill implements AutoCloseable {
    /** How long anything may take before a drill is given up. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Path directory;
    private final ReplicationTopology topology;
    private final StandaloneOrchestrator standalone;
    private final HttpService http;

    private FailoverDrill(
            Path directory, ReplicationTopology topology, StandaloneOrchestrator standalone, HttpService http) {
        this.directory = directory;
        this.topology = topology;
        this.standalone = standalone;
        this.http = http;
    }

    /**
     * Starts servers and service, and has the service discover the topology from one of the replicas.
     *
     * @param setup with what
     * @param progress told what is being done
     * @return a drill that is ready
     */
    public static FailoverDrill start(DrillSetup setup, Consumer<String> progress) {
        Path directory;
        try {
            directory = Files.createTempDirectory("orchestrator-drill");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        progress.accept("starting 1 primary and " + setup.replicas() + " replicas ("
                + setup.servers().name().toLowerCase(java.util.Locale.ROOT) + (setup.semiSync() ? ", semi-sync" : "")
                + ")");
        ReplicationTopology topology = setup.startTopology();
        try {
            progress.accept("starting the service with the embedded backend");
            StandaloneOrchestrator standalone = StandaloneOrchestrator.forService(
                    ConfigurationFiles.load(setup.writeConfiguration(directory)), "demo");
            standalone.start();
            HttpService http = HttpService.start(standalone);
            FailoverDrill drill = new FailoverDrill(directory, topology, standalone, http);
            drill.discover(progress);
            return drill;
        } catch (RuntimeException e) {
            topology.close();
            throw e;
        }
    }

    private void discover(Consumer<String> progress) {
        InstanceKey seed = topology.replicas().get(0).key();
        progress.accept("discovering from one seed, the replica " + seed);
        orchestrator().discover(seed, actor());
        await(
                "the service watches all " + topology.servers().size() + " servers",
                () -> orchestrator().fleet().members().stream()
                                .filter(m -> m.isReachable())
                                .count()
                        == topology.servers().size());
        await("the service leads", () -> orchestrator().leaderElection().epoch().isPresent());
    }

    private static Actor actor() {
        return new Actor("drill", Origin.API, "localhost");
    }

    /**
     * The orchestrator that watches.
     *
     * @return the orchestrator
     */
    public Orchestrator orchestrator() {
        return standalone.orchestrator();
    }

    /**
     * The servers.
     *
     * @return the topology as it was started
     */
    public ReplicationTopology topology() {
        return topology;
    }

    /**
     * Where the service answers.
     *
     * @return a URL
     */
    public String url() {
        return http.url().toString();
    }

    /**
     * Injures the primary under a writing application and waits until a replica has taken over and the others follow.
     *
     * @param injury what is done
     * @param printer told what happens, line by line
     * @return what came of it
     */
    public DrillResult run(Injury injury, Consumer<String> printer) {
        return run(injury, DrillFault.NONE, printer);
    }

    /**
     * Injures the primary in the middle of other trouble.
     *
     * @param injury what is done
     * @param trouble what is wrong already
     * @param printer told what happens, line by line
     * @return what came of it
     */
    public DrillResult run(Injury injury, DrillFault trouble, Consumer<String> printer) {
        DatabaseServer primary = topology.primary();
        Timeline timeline = new Timeline(primary.key(), printer);
        try (HeldNetwork network = trouble == DrillFault.UNSENT_WRITES ? heldNetwork() : null;
                ContinuousWriter writer = ContinuousWriter.start(primary);
                Orchestrator.Registration ignored = orchestrator().addListener(timeline)) {
            writer.awaitAcknowledged(300, LIMIT);
            BlockedApplier blocked =
                    trouble == DrillFault.BLOCKED_APPLIER ? BlockedApplier.on(topology.replicas(), writer) : null;
            if (network != null) {
                network.hold(writer, LIMIT);
            }
            timeline.promoted().thenAccept(successor -> writer.switchTo(server(successor)));
            Instant injuredAt = injure(primary, injury, timeline);
            if (blocked != null) {
                blocked.releaseIn(Duration.ofMillis(1500));
            }
            if (network != null) {
                network.drop();
            }
            RecoveryRecord recovery = result(timeline);
            InstanceKey successor = recovery.successor();
            if (successor == null) {
                return new DrillResult(
                        injuredAt,
                        recovery,
                        null,
                        false,
                        0,
                        null,
                        writer.acknowledged().size(),
                        List.of(),
                        List.of(),
                        null);
            }
            DrillResult result = inspect(injuredAt, recovery, server(successor), writer);
            if (injury == Injury.CRASH && result.lost().isEmpty()) {
                return result;
            }
            return bringBack(injury, result, timeline);
        }
    }

    private HeldNetwork heldNetwork() {
        HeldNetwork network = new HeldNetwork(topology);
        InstanceKey primary = topology.primary().key();
        await(
                "the service sees the replicas replicate through the network",
                () -> orchestrator().fleet().replicasOf(primary).stream()
                        .flatMap(r -> r.facts().flatMap(Instance::mainChannel).stream())
                        .map(ReplicationChannel::source)
                        .collect(Collectors.toSet())
                        .containsAll(network.names()));
        return network;
    }

    /** Lets the former primary come back: only then can be known what it committed and sent to nobody. */
    private DrillResult bringBack(Injury injury, DrillResult result, Timeline timeline) {
        DatabaseServer former = topology.primary();
        Instant back = Instant.now();
        timeline.line(back, "back        the former primary " + former.key() + " comes back");
        switch (injury) {
            case CRASH -> former.startAgain();
            case FREEZE -> former.thaw();
        }
        await(
                "the former primary is read-only",
                () -> "1".equals(former.queryValue("SELECT @@global.super_read_only")));
        Duration fenced = Duration.between(back, Instant.now());
        timeline.line(Instant.now(), "fenced      " + former.key() + " is super-read-only");
        await(
                "what was lost is named in the record",
                () -> unnamed(result.lost(), orchestratorRecord(result.recovery()))
                        .isEmpty());
        RecoveryRecord record = orchestratorRecord(result.recovery());
        return result.afterReturn(record, unnamed(result.lost(), record), fenced);
    }

    private static Instant injure(DatabaseServer primary, Injury injury, Timeline timeline) {
        Instant at = Instant.now();
        switch (injury) {
            case CRASH -> {
                timeline.begin(at, "kill -9     " + primary.key());
                primary.kill9();
            }
            case FREEZE -> {
                timeline.begin(at, "kill -STOP  " + primary.key());
                primary.freeze();
            }
        }
        return at;
    }

    private static RecoveryRecord result(Timeline timeline) {
        try {
            return timeline.ended().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the recovery", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for the recovery failed", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no recovery within " + LIMIT.toSeconds() + " s", e);
        }
    }

    private DrillResult inspect(
            Instant injuredAt, RecoveryRecord recovery, DatabaseServer successor, ContinuousWriter writer) {
        writer.awaitAcknowledgedBy(successor.key(), LIMIT);
        writer.stop();
        List<DatabaseServer> others = topology.replicas().stream()
                .filter(s -> !s.key().equals(successor.key()))
                .toList();
        String executed = successor.executedGtids();
        int replicating = 0;
        for (DatabaseServer other : others) {
            if (follows(other, successor)) {
                other.awaitExecuted(executed, LIMIT);
                replicating++;
            }
        }
        Instant promoted = recovery.promotedAt();
        Instant repointed = recovery.repointedAt();
        List<ContinuousWriter.Write> lost = writer.missingOn(successor);
        return new DrillResult(
                injuredAt,
                recovery,
                writer.firstAcknowledgedBy(successor.key())
                        .map(ContinuousWriter.Write::endedAt)
                        .orElse(null),
                "0".equals(successor.queryValue("SELECT @@global.read_only")),
                replicating,
                promoted == null || repointed == null ? null : Duration.between(promoted, repointed),
                writer.acknowledged().size(),
                lost,
                unnamed(lost, recovery),
                null);
    }

    private static List<ContinuousWriter.Write> unnamed(List<ContinuousWriter.Write> lost, RecoveryRecord recovery) {
        GtidSet named = recovery.lostGtids() == null ? GtidSet.empty() : recovery.lostGtids();
        return lost.stream()
                .filter(w -> w.gtid() == null || !named.contains(GtidSet.parse(w.gtid())))
                .toList();
    }

    private static boolean follows(DatabaseServer replica, DatabaseServer source) {
        Map<String, @Nullable String> status = replica.replicaStatus();
        return Stream.of("Source_Port", "Master_Port")
                        .map(status::get)
                        .anyMatch(port -> String.valueOf(source.port()).equals(port))
                && Stream.of("Replica_IO_Running", "Slave_IO_Running")
                        .map(status::get)
                        .anyMatch("Yes"::equals);
    }

    /** The record as the backend has it by now: what was found after the end (first write, losses) is in it. */
    public RecoveryRecord orchestratorRecord(RecoveryRecord recovery) {
        return orchestrator().recoveries().find(RecoveryFilter.byUid(recovery.uid())).stream()
                .findFirst()
                .orElse(recovery);
    }

    /**
     * The server with a key.
     *
     * @param key the key
     * @return the server
     */
    public DatabaseServer server(InstanceKey key) {
        Optional<DatabaseServer> found =
                topology.servers().stream().filter(s -> s.port() == key.port()).findFirst();
        return found.orElseThrow(() -> new IllegalStateException(key + " is none of the drill's servers"));
    }

    /**
     * Waits until a condition holds.
     *
     * @param what the condition in words
     * @param condition the condition
     */
    public static void await(String what, Supplier<Boolean> condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.get()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("gave up after " + LIMIT.toSeconds() + " s waiting until " + what);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.close();
        standalone.close();
        topology.close();
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(files::add);
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
