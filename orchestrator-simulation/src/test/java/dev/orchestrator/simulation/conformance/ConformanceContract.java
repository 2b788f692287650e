package dev.orchestrator.simulation.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.config.DetectionQueries;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.engine.internal.mysql.GatewayOptions;
import dev.orchestrator.engine.internal.mysql.MySqlInstanceGateway;
import dev.orchestrator.spi.Ticker;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.ServerOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each script, on real servers and on simulated ones: after each step polls read the same. Subclasses bring a primary with
 * two replicas of one version.
 */
@RealServers
abstract class ConformanceContract {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** Something that holds only on the way to something else is no answer. */
    private static final Duration HOLDS = Duration.ofMillis(120);

    private static final Duration LOOK = Duration.ofMillis(30);
    private static final long SEED = 20;

    private final MySqlInstanceGateway gateway = new MySqlInstanceGateway(
            new GatewayOptions(
                    "orchestrator",
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    true,
                    DetectionQueries.NONE,
                    GatewayOptions.Tls.DISABLED),
            key -> new Credentials(DatabaseServer.ORCHESTRATOR_USER, DatabaseServer.ORCHESTRATOR_PASSWORD),
            Ticker.system(),
            InstantSource.system());
    private final Map<Member, ServerOptions> usual = new EnumMap<>(Member.class);
    private final Map<Member, OptionFile> configured = new EnumMap<>(Member.class);

    static ReplicationTopology.Builder topology() {
        return ReplicationTopology.primaryWithReplicas(Member.values().length - 1)
                .options(o -> o.line("relay-log-recovery = 0"));
    }

    /** What the configuration files of the topology say. */
    OptionFile initially(Member member) {
        return OptionFile.of(member);
    }

    abstract TopologyExtension servers();

    abstract List<ConformanceScript> scripts();

    @AfterEach
    void close() {
        gateway.close();
    }

    @TestFactory
    Stream<DynamicTest> readsAlike() {
        return scripts().stream().map(script -> DynamicTest.dynamicTest(script.name(), () -> run(script)));
    }

    private DatabaseServer server(Member member) {
        return servers().server(member.ordinal());
    }

    private void run(ConformanceScript script) {
        Map<Member, DatabaseServer> servers = new EnumMap<>(Member.class);
        for (Member member : Member.values()) {
            servers.put(member, server(member));
        }
        prepare(script);
        for (Member member : List.of(Member.DB2, Member.DB3)) {
            server(member).replicateFrom(server(Member.DB1));
        }
        UnaryOperator<String> named = names(servers);
        RealCluster real = new RealCluster(gateway, servers, named);
        try {
            Map<Member, Instance> facts = new EnumMap<>(Member.class);
            servers.keySet().forEach(m -> facts.put(m, real.facts(m)));
            run(script, real, new SimulatedCluster(SEED, facts, script, named));
        } finally {
            real.close();
        }
    }

    private static void run(ConformanceScript script, ClusterUnderTest real, ClusterUnderTest simulated) {
        compare("as it begins", real, simulated);
        for (Step step : script.steps()) {
            String answer = step.action().apply(simulated);
            assertThat(step.action().apply(real)).as(step.words()).isEqualTo(answer);
            compare(step.words(), real, simulated);
        }
    }

    private static void compare(String after, ClusterUnderTest real, ClusterUnderTest simulated) {
        ComparedFacts expected = simulated.read();
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(LOOK)
                .during(HOLDS)
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(real.read().differencesFrom(expected))
                        .as("after: " + after)
                        .isEmpty());
    }

    private static UnaryOperator<String> names(Map<Member, DatabaseServer> servers) {
        Map<String, String> names = new LinkedHashMap<>();
        servers.forEach((member, server) -> {
            names.put(server.key().toString(), member.toString());
            names.put(String.valueOf(server.queryValue("SELECT @@server_uuid")), member + "-uuid");
        });
        return text -> {
            String said = text;
            for (Map.Entry<String, String> name : names.entrySet()) {
                said = said.replace(name.getKey(), name.getValue());
            }
            return said;
        };
    }

    /** All run with their configuration files, hold the same and replicate from nobody. */
    private void prepare(ConformanceScript script) {
        GtidSet all = GtidSet.empty();
        for (Member member : Member.values()) {
            DatabaseServer server = server(member);
            if (!server.isRunning()) {
                server.startAgain();
            }
            new HandOn(server).clear();
            configure(member, script.configuration(member));
            all = all.union(GtidSet.parse(server.executedGtids()));
        }
        for (Member member : Member.values()) {
            new HandOn(server(member)).hold(all);
            OptionFile configuration = script.configuration(member);
            configuration.semiSync().ifPresent(s -> new HandOn(server(member)).setSemiSync(!configuration.readOnly()));
            if (configuration.readOnly()) {
                server(member).execute("SET GLOBAL super_read_only = 1");
            }
        }
    }

    /** A restart with a channel, and the end of that channel at once, ends servers of every version now and then. */
    private void configure(Member member, OptionFile wanted) {
        DatabaseServer server = server(member);
        ServerOptions options = usual.computeIfAbsent(member, m -> server.options());
        OptionFile present = configured.getOrDefault(member, initially(member));
        configured.put(member, wanted);
        if (!wanted.equals(present)) {
            server.configure(options(options, wanted));
            server.kill9();
            server.startAgain();
        }
    }

    private static ServerOptions options(ServerOptions usual, OptionFile wanted) {
        boolean modern = usual.serverPackage().usesSourceAndReplicaWords();
        ServerOptions.Builder options = usual.toBuilder()
                .readOnly(wanted.readOnly())
                .line("relay-log-recovery = " + (wanted.recoversRelayLogs() ? 1 : 0));
        if (wanted.skipsReplicaStart()) {
            options.line(modern ? "skip-replica-start" : "skip-slave-start");
        }
        wanted.filters().forEach(options::line);
        wanted.semiSync().ifPresent(s -> options.semiSync(s, wanted.readOnly()));
        return options.build();
    }
}
