package dev.orchestrator.bench.series;

import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.bench.process.Launcher;
import dev.orchestrator.bench.process.SeriesScope;
import dev.orchestrator.bench.process.ServiceProcess;
import dev.orchestrator.bench.process.Waiting;
import dev.orchestrator.standalone.StandaloneOrchestrator;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Services that are hurt at random, command lines beside them, primaries that crash: and what became of it. */
final class Chaos {
    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ChaosSetup setup;
    private final Launcher launcher;
    private final Consumer<String> printer;
    private final List<String> faults = new ArrayList<>();
    private final List<String> accounts;
    private int crashes;
    private int changes;

    private Chaos(ChaosSetup setup, Launcher launcher, Consumer<String> printer) {
        this.setup = setup;
        this.launcher = launcher;
        this.printer = printer;
        this.accounts = IntStream.rangeClosed(1, setup.services())
                .mapToObj(i -> "service-" + i)
                .toList();
    }

    /**
     * What came of it.
     *
     * @param crashes how many primaries crashed
     * @param changes how many statements that change a server the watched servers were sent
     * @param tenures how many tenures there were
     * @param faults everything that must not be
     */
    record Report(int crashes, int changes, int tenures, List<String> faults) {}

    /** Makes a chaos, tells how it goes, and cleans up. */
    static Report run(ChaosSetup setup, Launcher launcher, Consumer<String> printer) {
        return new Chaos(setup, launcher, printer).run();
    }

    private Report run() {
        List<TcpProxy> ways = new ArrayList<>();
        try (SeriesScope scope = new SeriesScope();
                SharedBackend backend = SharedBackend.start(setup.backend(), scope);
                StandaloneOrchestrator onlooker = backend.onlooker();
                LeaseHistory history = LeaseHistory.of(backend.server(), backend.schema())) {
            // One way to the backend for each service, and the last one for the command lines.
            for (int i = 0; i <= setup.services(); i++) {
                ways.add(TcpProxy.to(backend.server()));
            }
            ServiceGroup group = ServiceGroup.start(
                    setup.services(), TTL, i -> backend.through(ways.get(i).port()), accounts::get, launcher, scope);
            try (WatchedTopology quiet = WatchedTopology.start(accounts)) {
                quiet.discoverThrough(group::awaitLeader, onlooker);
                hurt(scope, backend, ways, group, quiet, onlooker, history);
                check("the topology that did not crash", quiet, history);
            }
            awaitCalm(group, onlooker.orchestrator());
            if (!history.trouble().isEmpty()) {
                faults.add(history.trouble());
            }
            return new Report(crashes, changes, history.tenures().size(), List.copyOf(faults));
        } finally {
            ways.forEach(TcpProxy::close);
        }
    }

    private void hurt(
            SeriesScope scope,
            SharedBackend backend,
            List<TcpProxy> ways,
            ServiceGroup group,
            WatchedTopology quiet,
            StandaloneOrchestrator onlooker,
            LeaseHistory history) {
        TcpProxy commandsWay = ways.get(setup.services());
        Path configuration = scope.write(
                "command.conf.json", new Configuration("command", backend.through(commandsWay.port())).json());
        long end = System.nanoTime() + setup.length().toNanos();
        ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
        try (CommandLines commands = new CommandLines(
                        setup,
                        launcher,
                        scope,
                        configuration,
                        backend,
                        quiet.servers().stream().map(DatabaseServer::key).toList());
                ServiceInjuries injuries = new ServiceInjuries(group, ways)) {
            clock.scheduleAtFixedRate(commands::giveOne, 0, setup.pace().toMillis(), TimeUnit.MILLISECONDS);
            clock.scheduleAtFixedRate(() -> cutForAMoment(commandsWay), 7, 20, TimeUnit.SECONDS);
            do {
                crash(group, onlooker, history);
            } while (System.nanoTime() - end < 0);
            stop(clock);
            commandsWay.heal();
            injuries.close();
            if (!injuries.trouble().isEmpty()) {
                faults.add(injuries.trouble());
            }
            faults.addAll(commands.lost());
            printer.accept("injuries of services: " + injuries);
            printer.accept(commands.toString());
        } finally {
            clock.shutdownNow();
        }
    }

    private static void cutForAMoment(TcpProxy way) {
        way.cut();
        Waiting.pause(Duration.ofMillis(500));
        way.heal();
    }

    private static void stop(ScheduledExecutorService clock) {
        clock.shutdownNow();
        try {
            if (!clock.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the clock does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Crashes the primary of a topology of its own, in every second case together with the leader. */
    private void crash(ServiceGroup group, StandaloneOrchestrator onlooker, LeaseHistory history) {
        try (WatchedTopology topology = WatchedTopology.start(accounts)) {
            topology.discoverThrough(group::awaitLeader, onlooker);
            Waiting.pause(Duration.ofMillis(ThreadLocalRandom.current().nextInt(3000)));
            crashes++;
            long begin = System.nanoTime();
            topology.killPrimary();
            WatchedTopology.Replacement replacement;
            try {
                replacement = topology.settle(topology.awaitReplacement(begin), group::awaitLeader, onlooker);
            } catch (IllegalStateException e) {
                faults.add("crash " + crashes + ": " + e.getMessage());
                return;
            }
            printer.accept(String.format(
                    "crash %d: replaced after %d ms, recoveries %d (successful %d), writable %d, following %d",
                    crashes,
                    replacement.after().toMillis(),
                    replacement.recoveries(),
                    replacement.successful(),
                    replacement.writable(),
                    replacement.following()));
            if (!replacement.oneSucceeded()) {
                faults.add("crash " + crashes + ": not exactly one recovery: " + replacement);
            }
            check("crash " + crashes, topology, history);
        }
    }

    /** Every change of a server must have come from the service whose lease it was at that moment. */
    private void check(String what, WatchedTopology topology, LeaseHistory history) {
        for (DatabaseServer server : topology.servers()) {
            for (GeneralLog.Change change : GeneralLog.changes(server.generalLog(), accounts)) {
                changes++;
                if (history.of(change.account(), change.at()).isEmpty()) {
                    faults.add(what + ": " + change.account() + " changed " + server.key() + " at " + change.at()
                            + " without the lease: " + change.statement() + "; tenures " + history.tenures());
                }
            }
        }
    }

    private void awaitCalm(ServiceGroup group, Orchestrator onlooker) {
        Duration patience = ChaosSetup.MAINTENANCE.plusSeconds(15);
        expect(
                "every service answers again",
                Duration.ofSeconds(60),
                () -> group.services().stream().allMatch(ServiceProcess::answers));
        expect(
                "exactly one service leads",
                Duration.ofSeconds(30),
                () -> group.services().stream().filter(ServiceProcess::leads).count() == 1);
        expect(
                "no lock is left",
                patience,
                () -> onlooker.maintenance().active().isEmpty());
        expect(
                "no recovery is left open",
                patience,
                () -> onlooker.recoveries().find(RecoveryFilter.active()).isEmpty());
        expect(
                "exactly the running services are nodes",
                Duration.ofSeconds(60),
                () -> onlooker.nodes().alive(SECOND.multipliedBy(10)).stream()
                                .filter(n -> n.command().equals("http"))
                                .count()
                        == setup.services());
    }

    private void expect(String what, Duration limit, java.util.function.BooleanSupplier condition) {
        if (!Waiting.holdsWithin(limit, condition)) {
            faults.add("not within " + limit.toSeconds() + " s: " + what);
        }
    }
}
