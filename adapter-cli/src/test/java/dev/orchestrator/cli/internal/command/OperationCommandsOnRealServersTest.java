package dev.orchestrator.cli.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.TopologyExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The commands that change a living topology, as a DBA gives them; the takeovers come last, then the primary dies. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperationCommandsOnRealServersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final TopologyExtension TOPOLOGY = TopologyExtension.primaryWithReplicas(3);

    @TempDir
    static Path directory;

    private static DatabaseServer server(int number) {
        return TOPOLOGY.topology().servers().get(number);
    }

    private static String key(int number) {
        return server(number).key().toString();
    }

    private static Terminal.Result run(String... words) {
        return new Terminal(directory).run(words);
    }

    private static void assertPrints(String expected, String... words) {
        Terminal.Result result = run(words);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).isEqualTo(expected);
    }

    private static String refused(String... words) {
        Terminal.Result result = run(words);
        assertThat(result.status()).as(result.out()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(" FATAL ").doesNotContain("\tat ");
        return result.err();
    }

    private static void assertFollows(int replica, int source) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(server(replica).replicaStatus())
                        .containsEntry(
                                "Source_Port", Integer.toString(server(source).port()))
                        .containsEntry("Replica_IO_Running", "Yes")
                        .containsEntry("Replica_SQL_Running", "Yes"));
    }

    private static void assertRuns(int replica, String receiver, String applier) {
        assertThat(server(replica).replicaStatus())
                .containsEntry("Replica_IO_Running", receiver)
                .containsEntry("Replica_SQL_Running", applier);
    }

    /** Each stands by itself where it can: the whole topology is known before. */
    @BeforeEach
    void discoverAll() {
        if (server(2).isRunning() && run("all-instances").lines().count() < 4) {
            assertPrints(key(0) + "\n", "discover", "-i", key(0));
        }
    }

    @Test
    @Order(1)
    void relocatesBelowAnotherReplica() {
        Terminal.Result shown = run("relocate", "-i", key(3), "-d", key(1), "-noop");
        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("replicate from " + key(1));
        assertFollows(3, 0);

        assertPrints(key(3) + "<" + key(1) + "\n", "relocate", "-i", key(3), "-d", key(1));
        assertFollows(3, 1);
        assertPrints(key(3) + "<" + key(2) + "\n", "-c", "relocate-below", "-i", key(3), "-s", key(2));
        assertFollows(3, 2);
        assertPrints(key(2) + "\n", "which-master", "-i", key(3));
        assertThat(refused("relocate", "-i", key(2), "-d", key(3))).contains("circle");
        assertThat(refused("relocate", "-i", key(3))).contains("missing -d");
        assertThat(refused("relocate", "-i", key(3), "-d", key(3))).contains("itself");
        assertThat(refused("relocate", "-i", key(3), "-d", "127.0.0.1:1")).contains("127.0.0.1:1");
        assertThat(refused("relocate", "-i", key(0), "-d", key(1))).contains("replicates from nobody");
        assertThat(refused("relocate", "-i", key(3), "-d", key(1), "-s", key(2)))
                .contains("synonyms");
        assertFollows(3, 2);
    }

    @Test
    @Order(2)
    void movesByGtid() {
        assertPrints(key(3) + "<" + key(0) + "\n", "move-gtid", "-i", key(3), "-d", key(0));
        assertFollows(3, 0);
        assertPrints(key(0) + "\n", "which-master", "-i", key(3));
        assertPrints(key(3) + "<" + key(0) + "\n", "move-gtid", "-i", key(3), "-d", key(0));
        assertFollows(3, 0);
    }

    @Test
    @Order(2)
    void movesUpAndAttachesAnew() {
        assertPrints(key(3) + "<" + key(1) + "\n", "relocate", "-i", key(3), "-d", key(1));
        assertThat(run("move-up", "-i", key(3), "-noop").out()).contains("replicate from " + key(0));
        assertFollows(3, 1);
        assertPrints(key(3) + "<" + key(0) + "\n", "move-up", "-i", key(3));
        assertFollows(3, 0);
        assertThat(refused("move-up", "-i", key(3))).contains("replicates from nobody");
        assertThat(run("help").err()).contains("move-up", "repoint");
        assertPrints(key(3) + "<" + key(0) + "\n", "repoint", "-i", key(3));
        assertPrints(key(3) + "<" + key(1) + "\n", "repoint", "-i", key(3), "-d", key(1));
        assertPrints(key(3) + "<" + key(0) + "\n", "repoint", "-i", key(3), "-d", key(0));
        assertFollows(3, 0);
    }

    @Test
    @Order(3)
    void stopsStartsAndRestartsReplicationByItsNewAndItsOldNames() {
        for (String word : List.of("replica", "slave")) {
            assertPrints(key(2) + "\n", "stop-" + word, "-i", key(2));
            assertRuns(2, "No", "No");
            assertPrints(key(2) + "\n", "start-" + word, "-i", key(2));
            assertFollows(2, 0);
            assertPrints(key(2) + "\n", "restart-" + word, "-i", key(2));
            assertFollows(2, 0);
        }
        assertPrints(key(1) + "\n" + key(2) + "\n", "restart-replica", "-i", key(1) + "," + key(2));
        assertThat(refused("stop-replica", "-i", key(0))).contains(key(0) + " replicates from nobody");
        assertThat(refused("stop-replica")).contains("missing -i");
        assertThat(refused("stop-replica", "-i", "127.0.0.1:1")).contains("127.0.0.1:1");
        Terminal.Result shown = run("stop-replica", "-i", key(2), "-noop");
        assertThat(shown.out()).contains("stop replication");
        assertFollows(2, 0);
    }

    @Test
    @Order(4)
    void makesServersReadOnlyAndWritable() {
        assertPrints(key(2) + "\n", "set-writeable", "-i", key(2));
        assertThat(server(2).queryValue("SELECT @@read_only")).isEqualTo("0");
        assertPrints(key(2) + "\n", "set-read-only", "-i", key(2));
        assertThat(server(2).queryValue("SELECT @@super_read_only")).isEqualTo("1");
        assertPrints(key(0) + "\n", "set-read-only", "-i", key(0));
        assertThat(server(0).queryValue("SELECT @@super_read_only")).isEqualTo("1");
        assertPrints(key(0) + "\n", "set-writeable", "-i", key(0));
        assertThat(server(0).queryValue("SELECT @@read_only")).isEqualTo("0");
        server(3).freeze();
        try {
            assertThat(refused("set-read-only", "-i", key(3))).contains(key(3) + " does not answer");
        } finally {
            server(3).thaw();
        }
    }

    @Test
    @Order(5)
    void downtimeNeedsAReasonAndLastsAsLongAsIsSaid() {
        assertThat(refused("begin-downtime", "-i", key(2))).contains("-reason");
        for (String duration : List.of("0s", "-5m", "5200w", "soon", "99999999999999w")) {
            assertThat(refused("begin-downtime", "-i", key(2), "-reason", "disk", "-duration=" + duration))
                    .as(duration)
                    .isNotBlank();
        }
        assertPrints("", "which-downtimed-instances");
        assertPrints(key(2) + "\n", "begin-downtime", "-i", key(2), "-reason", "disk", "-duration", "1s");
        await().atMost(PATIENCE)
                .until(() -> run("which-downtimed-instances").out().isEmpty());
        assertPrints(key(2) + "\n", "begin-downtime", "-i", key(2), "-reason", "disk", "-duration", "1h");
        assertPrints(key(2) + "\n", "which-downtimed-instances", "-i", key(0));
        assertPrints(key(2) + "\n", "end-downtime", "-i", key(2));
        assertPrints("", "which-downtimed-instances");
    }

    @Test
    @Order(6)
    void aLockRefusesEveryOperationOnItsServerAndMovesBelowIt() {
        assertPrints(
                key(2) + "\n",
                "begin-maintenance",
                "-i",
                key(2),
                "-reason",
                "new disks",
                "-owner",
                "ann",
                "-duration",
                "1h");
        assertPrints(key(2) + "\n", "in-maintenance", "-i", key(2));
        for (List<String> words : List.of(
                List.of("stop-replica", "-i", key(2)),
                List.of("set-writeable", "-i", key(2)),
                List.of("relocate", "-i", key(2), "-d", key(1)),
                List.of("relocate", "-i", key(3), "-d", key(2)),
                List.of("move-gtid", "-i", key(3), "-d", key(2)))) {
            assertThat(refused(words.toArray(String[]::new)))
                    .as("%s", words)
                    .contains(key(2))
                    .contains("ann")
                    .contains("new disks")
                    .contains(" s:");
        }
        assertFollows(2, 0);
        assertFollows(3, 0);
        assertPrints(key(2) + "\n", "end-maintenance", "-i", key(2), "-owner", "bob");
        assertPrints("", "in-maintenance", "-i", key(2));
        assertPrints(key(2) + "\n", "end-maintenance", "-i", key(2));
        assertPrints(key(2) + "\n", "begin-maintenance", "-i", key(2), "-reason", "short", "-duration", "1s");
        await().atMost(PATIENCE)
                .until(() -> run("in-maintenance", "-i", key(2)).out().isEmpty());
    }

    @Test
    @Order(7)
    void ownersAndReasonsMayBeAnyText() {
        String long10k = "x".repeat(10_000);
        for (String text :
                List.of("it's \"quoted\" `so`; -- '", "two\nlines\tand a tab", "\uD83D\uDE80 déjà vu", long10k)) {
            assertPrints(key(2) + "\n", "begin-downtime", "-i", key(2), "-owner", text, "-reason", text);
            assertPrints(key(2) + "\n", "end-downtime", "-i", key(2), "-owner", text);
            assertPrints(key(2) + "\n", "begin-maintenance", "-i", key(2), "-owner", text, "-reason", text);
            String said = refused("begin-maintenance", "-i", key(2), "-owner", "bob", "-reason", "x");
            assertThat(said).contains(text.substring(0, 3));
            assertThat(said.strip().lines()).hasSize(1);
            assertThat(said.length()).isLessThan(1_000);
            assertThat(refused("stop-replica", "-i", key(2)).strip().lines()).hasSize(1);
            assertPrints(key(2) + "\n", "end-maintenance", "-i", key(2), "-owner", text);
            assertPrints(key(2) + "\n", "restart-replica", "-i", key(2), "-owner", text);
        }
        assertThat(refused("begin-maintenance", "-i", key(2), "-reason", "  ")).contains("-reason");
    }

    @Test
    @Order(8)
    void aPrimaryHandsOverToTheNamedReplicaAndIsLeftStopped() {
        assertThat(refused("graceful-master-takeover", "-i", key(0))).contains("3 replicas");
        assertThat(refused("graceful-master-takeover", "-i", key(0), "-d", "127.0.0.1:1"))
                .contains("127.0.0.1:1");
        Terminal.Result shown = run("graceful-master-takeover", "-i", key(0), "-d", key(1), "-noop");
        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(server(0).queryValue("SELECT @@read_only")).isEqualTo("0");

        Terminal.Result result = run("graceful-master-takeover", "-i", key(0), "-d", key(1));

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).matches(key(1) + "\n[^\n]+:[0-9]+\n");
        assertThat(server(1).queryValue("SELECT @@read_only")).isEqualTo("0");
        assertThat(server(0).queryValue("SELECT @@super_read_only")).isEqualTo("1");
        assertRuns(0, "No", "No");
        assertThat(server(0).replicaStatus())
                .containsEntry("Source_Port", Integer.toString(server(1).port()));
        assertFollows(2, 1);
        assertFollows(3, 1);
        assertPrints(key(1) + "\n", "which-cluster-master", "-i", key(2));
        assertPrints(key(0) + "\n", "start-replica", "-i", key(0));
        assertFollows(0, 1);
    }

    @Test
    @Order(9)
    void aPrimaryHandsOverToWhoeverFitsAndFollowsIt() {
        assertPrints(key(3) + "\n", "register-candidate", "-i", key(3), "-promotion-rule", "prefer");
        Terminal.Result result = run("graceful-master-takeover-auto", "-i", key(2));

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).matches(key(3) + "\n[^\n]+:[0-9]+\n");
        for (int other : new int[] {0, 1, 2}) {
            assertFollows(other, 3);
            assertThat(server(other).queryValue("SELECT @@super_read_only")).isEqualTo("1");
        }
        assertThat(server(3).queryValue("SELECT @@read_only")).isEqualTo("0");
        assertThat(run("in-maintenance", "-i", key(3)).out()).isEmpty();
    }

    @Test
    @Order(10)
    void theFenceOfAFormerPrimaryIsLiftedByHand() {
        server(3).kill9();
        Terminal.Result recovered = run("recover", "-i", key(3), "-d", key(0));
        assertThat(recovered.status()).as(recovered.err()).isZero();
        assertThat(recovered.out()).isEqualTo(key(0) + "\n");
        server(3).startAgain();
        run("discover", "-i", key(3));

        assertThat(run("which-lost-in-recovery").lines()).contains(key(3));
        assertThat(refused("set-writeable", "-i", key(3)))
                .contains("former primary")
                .contains("lift-fence");
        assertThat(refused("lift-fence", "-i", key(3)))
                .contains(key(0) + " is writable")
                .contains("force-lift-fence");
        assertThat(refused("lift-fence", "-i", key(2))).contains("no fence stands on " + key(2));
        Terminal.Result shown = run("force-lift-fence", "-i", key(3), "-noop");
        assertThat(shown.out()).contains("no server is changed");
        assertThat(run("which-lost-in-recovery").lines()).contains(key(3));

        assertPrints(key(3) + "\n", "force-lift-fence", "-i", key(3), "-owner", "ann");

        assertThat(run("which-lost-in-recovery").lines()).doesNotContain(key(3));
        assertPrints(key(3) + "\n", "set-writeable", "-i", key(3));
        assertThat(server(3).queryValue("SELECT @@read_only")).isEqualTo("0");
    }
}
