package dev.orchestrator.cli.internal.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** CommandTable as a DBA gives them, one process each, on a topology of real servers; the last one kills the primary. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommandsOnRealServersTest {
    @RegisterExtension
    static final TopologyExtension EXTENSION = TopologyExtension.primaryWithReplicas(2);

    @TempDir
    static Path directory;

    private static String key(DatabaseServer server) {
        return server.key().toString();
    }

    private static Terminal terminal() {
        return new Terminal(directory);
    }

    private static ReplicationTopology topology() {
        return EXTENSION.topology();
    }

    @Test
    @Order(1)
    void discoversTheWholeTopologyFromAReplica() {
        String seed = key(topology().replicas().get(0));

        Terminal.Result result = terminal().run("discover", "-i", seed);

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).isEqualTo(seed + "\n");
        assertThat(terminal().run("-c", "all-instances").lines())
                .containsExactlyInAnyOrderElementsOf(topology().servers().stream()
                        .map(CommandsOnRealServersTest::key)
                        .toList());
        assertThat(terminal().run("-c", "clusters").out())
                .isEqualTo(key(topology().primary()) + "\n");
    }

    @Test
    @Order(2)
    void drawsTheTree() {
        Terminal.Result result =
                terminal().run("topology", "-i", key(topology().replicas().get(1)));

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.lines().toList()).hasSize(3);
        assertThat(result.lines().toList().get(0))
                .startsWith(key(topology().primary()))
                .contains("rw");
        assertThat(result.lines().skip(1))
                .allSatisfy(line -> assertThat(line).startsWith("+ ").contains("ro,ROW,>>,GTID"));
    }

    @Test
    @Order(3)
    void answersWhichQuestions() {
        String primary = key(topology().primary());
        String replica = key(topology().replicas().get(0));

        assertThat(terminal().run("which-master", "-i", replica).out()).isEqualTo(primary + "\n");
        assertThat(terminal().run("which-master", "-i", primary).out()).isEmpty();
        assertThat(terminal().run("which-cluster", "-i", replica).out()).isEqualTo(primary + "\n");
        assertThat(terminal().run("which-cluster-master", "-i", replica).out()).isEqualTo(primary + "\n");
        assertThat(terminal().run("which-cluster-domain", "-i", replica).out()).isEqualTo("main.example\n");
        assertThat(terminal()
                        .run("which-heuristic-domain-instance", "-i", replica)
                        .out())
                .isEqualTo(primary + "\n");
        assertThat(terminal().run("which-replicas", "-i", primary).lines())
                .hasSize(2)
                .contains(replica);
        assertThat(terminal().run("which-cluster-instances", "-alias", primary).lines())
                .hasSize(3);
        assertThat(terminal()
                        .run("is-replicating", "-i", replica + "," + primary)
                        .out())
                .isEqualTo(replica + "\n");
        assertThat(terminal().run("which-gtid-errant", "-i", replica).out()).isEqualTo("\n");
    }

    @Test
    @Order(3)
    void keepsPoolsAsTheyWereSubmitted() {
        String primary = key(topology().primary());
        String replica = key(topology().replicas().get(0));
        String other = key(topology().replicas().get(1));

        assertThat(terminal()
                        .run("submit-pool-instances", "-pool", "readers", "-i", other + "," + replica + ",gone:1")
                        .status())
                .isZero();
        assertThat(terminal()
                        .run("submit-pool-instances", "-pool", "writers", "-i", primary)
                        .status())
                .isZero();

        assertThat(terminal().run("cluster-pool-instances").lines())
                .containsExactlyInAnyOrder(
                        primary + "\t" + primary + "\treaders\t" + replica,
                        primary + "\t" + primary + "\treaders\t" + other,
                        primary + "\t" + primary + "\twriters\t" + primary);
        assertThat(terminal()
                        .run("which-heuristic-cluster-pool-instances", "-i", replica, "-pool", "readers")
                        .lines())
                .containsExactlyInAnyOrder(replica, other);
        assertThat(terminal()
                        .run("which-heuristic-cluster-pool-instances", "-alias", primary)
                        .lines())
                .hasSize(3);
        assertThat(terminal().run("submit-pool-instances", "-i", primary).err()).contains("missing -pool");
    }

    @Test
    @Order(4)
    void keepsASecondPersonOut() {
        String replica = key(topology().replicas().get(0));

        assertThat(terminal()
                        .run("begin-maintenance", "-i", replica, "-reason", "disk", "-owner", "ann", "-duration", "5m")
                        .out())
                .isEqualTo(replica + "\n");
        Terminal.Result second =
                terminal().run("begin-maintenance", "-i", replica, "-reason", "me too", "-owner", "bob");

        assertThat(second.status()).isEqualTo(1);
        assertThat(second.err()).contains(replica).contains("ann").contains("disk");
        assertThat(terminal().run("in-maintenance", "-i", replica).out()).isEqualTo(replica + "\n");
        assertThat(terminal().run("end-maintenance", "-i", replica).out()).isEqualTo(replica + "\n");
        assertThat(terminal().run("in-maintenance", "-i", replica).out()).isEmpty();
    }

    @Test
    @Order(5)
    void refusesDurationsThatMakeNoSense() {
        String replica = key(topology().replicas().get(0));

        for (String duration : new String[] {"0s", "-5m", "5200w", "soon"}) {
            Terminal.Result result =
                    terminal().run("begin-maintenance", "-i", replica, "-reason", "x", "-duration=" + duration);
            assertThat(result.status()).as(duration).isEqualTo(1);
        }
        assertThat(terminal().run("in-maintenance", "-i", replica).out()).isEmpty();
    }

    @Test
    @Order(6)
    void whatCannotBeReadIsNamedWithWhyAndTheRestStaysAsItWas() throws Exception {
        long known = terminal().run("all-instances").lines().count();
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            refuses("no-such-host.invalid:3306", "no-such-host.invalid:3306", "has no address", "check its spelling");
            refuses("127.0.0.1:1", "127.0.0.1:1", "refuses connections", "check that it runs");
            refuses("127.0.0.1:" + silent.getLocalPort(), "did not answer in time");
        }
        for (String command : new String[] {"topology", "which-cluster", "which-master", "recover", "forget"}) {
            Terminal.Result result = terminal().run(command, "-i", "no-such-host.invalid:3306");
            assertThat(result.status()).as(command).isEqualTo(1);
            assertThat(result.out()).as(command).isEmpty();
            assertThat(result.err()).as(command).contains("no instance no-such-host.invalid:3306 is known");
        }
        assertThat(terminal().run("all-instances").lines()).hasSize((int) known);
    }

    private static void refuses(String instance, String... words) {
        Terminal.Result result = terminal().run("discover", "-i", instance);
        assertThat(result.status()).as(instance).isEqualTo(1);
        assertThat(result.out()).as(instance).isEmpty();
        assertThat(result.err()).contains("FATAL cannot read " + instance).contains(words);
    }

    @Test
    @Order(7)
    void recoversNothingWhenNothingIsWrong() {
        Terminal.Result result = terminal().run("recover", "-i", key(topology().primary()));

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).isEmpty();
    }

    @Test
    @Order(8)
    void recoversADeadPrimaryByItselfWithoutAService() {
        topology().primary().kill9();

        Terminal.Result plan =
                terminal().run("recovery-plan", "-i", key(topology().primary()));
        assertThat(plan.status()).as(plan.err()).isZero();
        assertThat(plan.out()).contains("DeadMaster").contains("plan:").contains("make it writable");

        Terminal.Result result = terminal().run("recover", "-i", key(topology().primary()));

        assertThat(result.status()).as(result.err()).isZero();
        DatabaseServer promoted = topology().replicas().stream()
                .filter(s -> result.out().equals(key(s) + "\n"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(result.out()));
        assertThat(promoted.queryValue("SELECT @@global.read_only")).isEqualTo("0");
        assertThat(terminal().run("which-cluster-master", "-i", key(promoted)).out())
                .isEqualTo(key(promoted) + "\n");
    }
}
