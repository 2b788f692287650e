package dev.orchestrator.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.servlet.fake.FakeOrchestrator;
import dev.orchestrator.standalone.settings.HttpSettings;
import dev.orchestrator.standalone.settings.ListenAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The servlet beside others of its embedder: it does not own the root of its context. */
class MappedServletTest {
    @TempDir
    private static Path folder;

    private static JooqBackend backend;
    private static Server server;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        backend = JooqBackend.sqlite(folder.resolve("backend.sqlite3"), JooqBackendOptions.forCommand());
        FakeOrchestrator orchestrator = new FakeOrchestrator(backend);
        HttpSettings settings = HttpSettings.at(new ListenAddress("127.0.0.1", 0), List.of());
        HttpSettings prefixed =
                new HttpSettings(settings.listen(), "/orc", settings.statusEndpoint(), List.of(), List.of());
        ServletContextHandler context = new ServletContextHandler("/app");
        context.addServlet(new ServletHolder(new OrchestratorServlet(() -> orchestrator, settings)), "/ops/mysql/*");
        context.addServlet(new ServletHolder(new OrchestratorServlet(() -> orchestrator, prefixed)), "/prefixed/*");
        server = new Server(new InetSocketAddress("127.0.0.1", 0));
        server.setHandler(context);
        server.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
        backend.close();
    }

    @Test
    void answersBelowThePathThatItIsMappedTo() throws Exception {
        assertThat(get("/app/ops/mysql/api/clusters").body()).contains("db1.example:3306");
        assertThat(get("/app/ops/mysql/api/instance/db1.example/3306/").statusCode())
                .isEqualTo(200);
        assertThat(get("/app/%6Fps/mysql/api/status").statusCode()).isEqualTo(200);
        assertThat(get("/app/ops/mysql/ops/mysql/api/clusters").statusCode()).isEqualTo(404);
        assertThat(get("/app/api/clusters").statusCode()).isEqualTo(404);
    }

    @Test
    void thePageFindsItsPartsThere() throws Exception {
        assertThat(get("/app/ops/mysql").headers().firstValue("Location").orElse(""))
                .endsWith("/app/ops/mysql/web/clusters");
        assertThat(get("/app/ops/mysql/").headers().firstValue("Location").orElse(""))
                .endsWith("/app/ops/mysql/web/clusters");
        assertThat(get("/app/ops/mysql/web/clusters").body()).contains("<base href=\"/app/ops/mysql/\">");
        assertThat(get("/app/ops/mysql/web/assets/page.js").statusCode()).isEqualTo(200);
    }

    @Test
    void aPrefixStandsBelowThePathThatItIsMappedTo() throws Exception {
        assertThat(get("/app/prefixed/orc/api/clusters").statusCode()).isEqualTo(200);
        assertThat(get("/app/prefixed/api/clusters").statusCode()).isEqualTo(404);
        assertThat(get("/app/prefixed/").headers().firstValue("Location").orElse(""))
                .endsWith("/app/prefixed/orc/web/clusters");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.getURI().resolve("/") + path.substring(1)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
