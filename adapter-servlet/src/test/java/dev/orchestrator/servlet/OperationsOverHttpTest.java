package dev.orchestrator.servlet;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.servlet.fake.ParsedJson;
import dev.orchestrator.standalone.ConfigurationFiles;
import dev.orchestrator.standalone.StandaloneOrchestrator;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.TopologyExtension;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The routes that change a living topology, on real servers, through a service that does not lead. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperationsOverHttpTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final TopologyExtension TOPOLOGY = TopologyExtension.primaryWithReplicas(3);

    @TempDir
    private static Path folder;

    private static StandaloneOrchestrator orchestrator;
    private static HttpService service;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        Path file = Files.writeString(
                folder.resolve("orchestrator.conf.json"), """
                {
                  "BackendDB": "sqlite",
                  "SQLite3DataFile": "%s",
                  "ListenAddress": "127.0.0.1:0",
                  "MySQLTopologyUser": "orchestrator",
                  "MySQLTopologyPassword": "orch_topology",
                  "MySQLHostnameResolveMethod": "@@report_host",
                  "DiscoverByShowSlaveHosts": true,
                  "RecoverMasterClusterFilters": ["*"]
                }
                """.formatted(folder.resolve("backend.sqlite3")));
        StandaloneSettings settings = ConfigurationFiles.load(file);
        orchestrator = StandaloneOrchestrator.forCommand(settings, "http");
        service = HttpService.start(orchestrator::orchestrator, settings);
    }

    @AfterAll
    static void stop() {
        service.close();
        orchestrator.close();
    }

    private static DatabaseServer server(int number) {
        return TOPOLOGY.topology().servers().get(number);
    }

    private static String key(int number) {
        return server(number).key().toString();
    }

    private static String path(int number) {
        return server(number).host() + "/" + server(number).port();
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(service.url().resolve("/api/" + path)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private Map<?, ?> done(String path) throws Exception {
        return answered(path, 200, "OK");
    }

    private String refused(String path) throws Exception {
        return String.valueOf(answered(path, 500, "ERROR").get("Message"));
    }

    private Map<?, ?> answered(String path, int status, String code) throws Exception {
        HttpResponse<byte[]> response = get(path);
        String body = new String(response.body(), StandardCharsets.UTF_8);
        assertThat(response.statusCode()).as("%s: %s", path, body).isEqualTo(status);
        Map<?, ?> answer = requireNonNull((Map<?, ?>) ParsedJson.of(response.body()));
        assertThat(answer.get("Code")).isEqualTo(code);
        return answer;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void assertFollows(int replica, int source) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(server(replica).replicaStatus())
                        .containsEntry(
                                "Source_Port", Integer.toString(server(source).port()))
                        .containsEntry("Replica_IO_Running", "Yes")
                        .containsEntry("Replica_SQL_Running", "Yes"));
    }

    @Test
    @Order(1)
    void replicasAreMoved() throws Exception {
        done("discover/" + path(0));
        assertThat(done("relocate/" + path(3) + "/" + path(1)).get("Message"))
                .isEqualTo("Instance " + key(3) + " relocated below " + key(1));
        assertFollows(3, 1);
        assertThat(refused("relocate-below/" + path(1) + "/" + path(3))).contains("circle");
        done("move-below-gtid/" + path(3) + "/" + path(0));
        assertFollows(3, 0);
        assertThat(refused("relocate/" + path(3) + "/127.0.0.1/1")).contains("127.0.0.1:1");
        done("relocate/" + path(3) + "/" + path(1));
        assertThat(done("move-up-plan/" + path(3)).toString()).contains("replicate from " + key(0));
        Map<?, ?> up = done("move-up/" + path(3));
        assertThat(up.get("Message")).isEqualTo("Instance " + key(3) + " moved up");
        assertThat(String.valueOf(up.get("Results")))
                .contains(
                        "Ending=done", "start the receiver", "Port=" + server(0).port());
        assertFollows(3, 0);
        assertThat(refused("move-up/" + path(3))).contains("replicates from nobody");
        for (String where : List.of("", "/" + path(0))) {
            assertThat(done("repoint-plan/" + path(3) + where).toString()).contains("start the receiver");
            assertThat(done("repoint/" + path(3) + where).get("Message"))
                    .isEqualTo("Instance " + key(3) + " repointed below " + key(0));
        }
        assertThat(done("relocate-plan/" + path(3) + "/" + path(1)).toString()).contains("replicate from " + key(1));
        assertFollows(3, 0);
    }

    @Test
    @Order(2)
    void replicationIsStoppedAndStartedByBothNames() throws Exception {
        done("discover/" + path(0));
        for (String word : List.of("slave", "replica")) {
            done("stop-" + word + "/" + path(2));
            assertThat(server(2).replicaStatus())
                    .containsEntry("Replica_IO_Running", "No")
                    .containsEntry("Replica_SQL_Running", "No");
            done("start-" + word + "/" + path(2));
            assertFollows(2, 0);
            done("restart-" + word + "/" + path(2));
            assertFollows(2, 0);
        }
        assertThat(refused("stop-slave/" + path(0))).contains("replicates from nobody");
        done("set-writeable/" + path(2));
        assertThat(server(2).queryValue("SELECT @@read_only")).isEqualTo("0");
        done("set-read-only/" + path(2));
        assertThat(server(2).queryValue("SELECT @@super_read_only")).isEqualTo("1");
    }

    @Test
    @Order(3)
    void aLockRefusesNamesItsHolderAndIsEndedByAnybodyOnRecord() throws Exception {
        String reason = "it's \"quoted\", 2\nlines, \uD83D\uDE80 " + "x".repeat(2_000);
        done("begin-maintenance/" + path(2) + "/ann/" + encoded(reason));
        assertThat(refused("begin-maintenance/" + path(2) + "/bob/x"))
                .contains("ann")
                .contains("it's \"quoted\"");
        for (String order : List.of(
                "stop-slave/" + path(2),
                "relocate/" + path(3) + "/" + path(2),
                "move-below-gtid/" + path(3) + "/" + path(2))) {
            assertThat(refused(order))
                    .contains(key(2))
                    .contains("ann")
                    .contains("it's \"quoted\", 2 lines, \uD83D\uDE80")
                    .hasSizeLessThan(1_000);
        }
        assertFollows(3, 0);
        assertFollows(2, 0);
        assertThat(refused("end-maintenance/999999")).contains("999999");
        assertThat(refused("end-maintenance/x")).contains("not a number");
        done("end-maintenance/" + path(2));
        assertThat(done("in-maintenance/" + path(2)).get("Message")).isEqualTo("false");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                new String(get("audit/instance/" + path(2)).body(), StandardCharsets.UTF_8))
                        .contains("end-maintenance", "somebody else's lock", "ann"));
        for (String duration : List.of("0s", "-1s", "5200w", "soon", "99999999999w")) {
            assertThat(refused("begin-downtime/" + path(2) + "/ann/disk/" + duration))
                    .isNotBlank();
        }
        done("begin-downtime/" + path(2) + "/ann/" + encoded(reason) + "/10m");
        done("end-downtime/" + path(2));
    }

    @Test
    @Order(4)
    void aPrimaryHandsOverAndTheFenceOfADeadOneIsLiftedByHand() throws Exception {
        done("discover/" + path(0));
        assertThat(refused("graceful-master-takeover/" + path(0))).contains("3 replicas");
        Map<?, ?> taken = done("graceful-master-takeover-auto/" + path(0) + "/" + path(1));
        assertThat(taken.get("Message")).isEqualTo("graceful-master-takeover: successor promoted");
        for (int other : new int[] {0, 2, 3}) {
            assertFollows(other, 1);
        }
        assertThat(server(1).queryValue("SELECT @@read_only")).isEqualTo("0");

        server(1).kill9();
        done("recover/" + path(1) + "/" + path(0));
        server(1).startAgain();
        done("discover/" + path(1));
        assertThat(refused("set-writeable/" + path(1))).contains("lift-fence");
        assertThat(refused("lift-fence/" + path(1))).contains(key(0) + " is writable");
        assertThat(done("force-lift-fence/" + path(1)).get("Message")).isEqualTo("Fence lifted: " + key(1));
        assertThat(refused("lift-fence/" + path(1))).contains("no fence stands");
        done("set-writeable/" + path(1));
        assertThat(server(1).queryValue("SELECT @@read_only")).isEqualTo("0");
    }
}
