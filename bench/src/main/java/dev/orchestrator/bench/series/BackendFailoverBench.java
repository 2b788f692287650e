package dev.orchestrator.bench.series;

import dev.orchestrator.api.LeaderElection.Leader;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.bench.process.Launcher;
import dev.orchestrator.bench.process.SeriesScope;
import dev.orchestrator.bench.process.ServiceProcess;
import dev.orchestrator.bench.process.Waiting;
import dev.orchestrator.standalone.StandaloneOrchestrator;
import dev.orchestrator.testkit.DatabaseServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The backend lives on one of the watched topologies, and its primary is killed, each time on fresh servers: how long until
 * it is replaced, and until every service takes orders again? Flags: {@code --runs N} (5), {@code --services N} (3),
 * {@code --ttl SECONDS} (3). Ends with status 1 unless each time there was one recovery, in the new backend, under a new
 * epoch.
 */
public final class BackendFailoverBench {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ORDER = Duration.ofSeconds(2);

    private final int services;
    private final Duration ttl;
    private final Figures replaced;
    private final Figures obeying = new Figures("every service takes orders", Duration.ofSeconds(10));

    private BackendFailoverBench(int services, Duration ttl) {
        this.services = services;
        this.ttl = ttl;
        this.replaced = new Figures("writable new primary of the backend", ttl);
    }

    /**
     * Runs it.
     *
     * @param args see the class
     */
    public static void main(String[] args) {
        Flags flags = new Flags(args);
        int runs = flags.count("runs", 5);
        BackendFailoverBench bench = new BackendFailoverBench(
                flags.count("services", 3), Duration.ofMillis((long) (flags.number("ttl", 3) * 1000)));
        flags.end();
        System.exit(bench.run(runs) ? 0 : 1);
    }

    private boolean run(int runs) {
        int wrong = 0;
        for (int run = 1; run <= runs; run++) {
            wrong += once(run) ? 0 : 1;
        }
        System.out.println(replaced);
        System.out.println(obeying);
        System.out.printf("%d runs, %d not ok%n", runs, wrong);
        return wrong == 0;
    }

    private boolean once(int run) {
        try (SeriesScope scope = new SeriesScope();
                WatchedTopology topology = WatchedTopology.start(List.of())) {
            SharedBackend backend = SharedBackend.on(topology.primary(), scope);
            ServiceGroup group;
            Leader before;
            try (StandaloneOrchestrator onlooker = backend.onlooker()) {
                group = ServiceGroup.start(services, ttl, backend, Launcher.installed(), scope);
                topology.discoverThrough(group::awaitLeader, onlooker);
                // What a leader remembers of the backend's cluster is read twice a second, what it polls every 5 s.
                Waiting.pause(Duration.ofSeconds(8));
                group.awaitLeader();
                before = onlooker.orchestrator().leaderElection().leader().orElseThrow();
            }
            long begin = System.nanoTime();
            topology.killPrimary();
            WatchedTopology.Replacement seen = topology.awaitReplacement(begin);
            for (ServiceProcess service : group.services()) {
                Waiting.until(service + " takes orders", PATIENCE, () -> obeys(service, seen.successor()));
            }
            Duration all = Duration.ofNanos(System.nanoTime() - begin);
            return judge(run, topology, seen, all, group, scope, before);
        }
    }

    private static boolean obeys(ServiceProcess service, InstanceKey instance) {
        String order =
                "api/begin-downtime/" + instance.hostname() + "/" + instance.port() + "/bench/" + service + "/1h";
        return service.status(order, ORDER) == 200;
    }

    private boolean judge(
            int run,
            WatchedTopology topology,
            WatchedTopology.Replacement seen,
            Duration all,
            ServiceGroup group,
            SeriesScope scope,
            Leader before) {
        DatabaseServer successor = topology.servers().stream()
                .filter(s -> s.key().equals(seen.successor()))
                .findFirst()
                .orElseThrow();
        try (StandaloneOrchestrator onlooker =
                SharedBackend.on(successor, scope).onlooker()) {
            WatchedTopology.Replacement settled = topology.settle(seen, group::awaitLeader, onlooker);
            Leader after = onlooker.orchestrator().leaderElection().leader().orElseThrow();
            boolean good = replaced.add(seen.after());
            good &= obeying.add(all);
            good &= settled.exactlyOne() && after.epoch() > before.epoch();
            System.out.printf(
                    Locale.ROOT,
                    "%3d  new primary %5d ms  all services take orders %5d ms  recoveries %d  writable %d  following %d"
                            + "  epoch %d -> %d%s%n",
                    run,
                    seen.after().toMillis(),
                    all.toMillis(),
                    settled.recoveries(),
                    settled.writable(),
                    settled.following(),
                    before.epoch(),
                    after.epoch(),
                    good ? "" : "  NOT OK");
            return good;
        }
    }
}
