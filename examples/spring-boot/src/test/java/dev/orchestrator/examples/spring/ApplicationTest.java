package dev.orchestrator.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The application as it is started by its main method, beside a primary and its replica. */
@RealServers
class ApplicationTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final TopologyExtension TOPOLOGY = TopologyExtension.primaryWithReplicas(1);

    @TempDir
    private static Path folder;

    private static ConfigurableApplicationContext application;

    private final HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    @BeforeAll
    static void start() {
        application = started("one", TOPOLOGY.primary().address());
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void pageAndApiAreBelowTheirPath() throws Exception {
        HttpResponse<String> page = get("/orchestrator");
        assertThat(page.uri().getPath()).isEqualTo("/orchestrator/web/clusters");
        assertThat(page.body()).contains("<base href=\"/orchestrator/\">");
        assertThat(get("/orchestrator/web/assets/page.js").statusCode()).isEqualTo(200);
        assertThat(get("/orchestrator/api/status").statusCode()).isEqualTo(200);

        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(get("/orchestrator/api/all-instances").body())
                                .contains(
                                        "\"Port\":" + TOPOLOGY.primary().port(),
                                        "\"Port\":" + TOPOLOGY.server(1).port()));
        assertThat(get("/orchestrator/api/discover/127.0.0.1/"
                                + TOPOLOGY.primary().port())
                        .body())
                .contains("\"Code\":\"OK\"");
        assertThat(get("/api/status").statusCode()).isEqualTo(404);
    }

    @Test
    void healthSaysWhoLeadsAndWhichClustersHaveProblems() throws Exception {
        String cluster = "\"clusters\":{\"" + TOPOLOGY.primary().key() + "\":[";
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(get("/actuator/health").body())
                        .contains(
                                "\"orchestrator\":{\"status\":\"UP\"",
                                "\"standing\":\"LEADING\"",
                                "\"backend\":\"sqlite in ",
                                cluster + "]"));

        TOPOLOGY.server(1).execute("STOP REPLICA");
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(get("/actuator/health").body()).contains(cluster + "\"", "NOT_REPLICATING at "));
        HttpResponse<String> withProblem = get("/actuator/health");
        assertThat(withProblem.statusCode()).isEqualTo(200);
        assertThat(withProblem.body()).startsWith("{\"status\":\"UP\"");
        TOPOLOGY.server(1).execute("START REPLICA");
    }

    @Test
    void secretsAreInNoAnswerAndNoLog() throws Exception {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(get("/orchestrator/api/clusters").body())
                                .contains(TOPOLOGY.primary().address()));

        String environment = get("/actuator/env").body();
        assertThat(environment).contains("TOPOLOGY_PASSWORD").doesNotContain(DatabaseServer.ORCHESTRATOR_PASSWORD);
        String properties = get("/actuator/configprops").body();
        assertThat(properties).contains("\"orchestrator\"").doesNotContain(DatabaseServer.ORCHESTRATOR_PASSWORD);
        assertThat(Files.readString(log("one")))
                .contains("backend=sqlite in ")
                .doesNotContain(DatabaseServer.ORCHESTRATOR_PASSWORD);
        assertThat(application.getBean(OrchestratorProperties.class).toString())
                .doesNotContain(DatabaseServer.ORCHESTRATOR_PASSWORD);
    }

    @Test
    void whatWasStartedEndsWithTheApplication() throws Exception {
        ConfigurableApplicationContext other = started("two", "");
        URI status = uri(other, "/orchestrator/api/status");
        Orchestrator orchestrator = other.getBean(Orchestrator.class);
        Backend backend = other.getBean(Backend.class);
        assertThat(get(status).statusCode()).isEqualTo(200);

        other.close();

        assertThatThrownBy(() -> get(status)).isInstanceOf(ConnectException.class);
        assertThatThrownBy(orchestrator::fleet)
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(backend::ping).isInstanceOf(OrchestratorException.class);
    }

    /** Secrets and all else come in as they would by the environment: as properties above those of the file. */
    private static ConfigurableApplicationContext started(String name, String seeds) {
        return SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--TOPOLOGY_PASSWORD=" + DatabaseServer.ORCHESTRATOR_PASSWORD,
                "--orchestrator.seeds=" + seeds,
                "--orchestrator.backend.file=" + folder.resolve(name + ".sqlite3"),
                "--management.endpoints.web.exposure.include=health,env,configprops",
                "--logging.level.dev.orchestrator=DEBUG",
                "--logging.threshold.console=WARN",
                "--logging.file.name=" + log(name));
    }

    private static Path log(String name) {
        return folder.resolve(name + ".log");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return get(uri(application, path));
    }

    private HttpResponse<String> get(URI uri) throws Exception {
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(ConfigurableApplicationContext of, String path) {
        return URI.create("http://127.0.0.1:" + of.getEnvironment().getRequiredProperty("local.server.port") + path);
    }
}
