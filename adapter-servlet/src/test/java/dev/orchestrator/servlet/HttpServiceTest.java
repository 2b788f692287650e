package dev.orchestrator.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.servlet.fake.FakeOrchestrator;
import dev.orchestrator.servlet.fake.ParsedJson;
import dev.orchestrator.standalone.settings.BackendSettings;
import dev.orchestrator.standalone.settings.ListenAddress;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpServiceTest {
    @TempDir
    private static Path folder;

    private static JooqBackend backend;
    private static FakeOrchestrator orchestrator;
    private static HttpService service;
    private static StandaloneSettings settings;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        backend = JooqBackend.sqlite(folder.resolve("backend.sqlite3"), JooqBackendOptions.forCommand());
        orchestrator = new FakeOrchestrator(backend);
        settings = StandaloneSettings.builder()
                .backend(BackendSettings.sqlite("x"))
                .listen(new ListenAddress("127.0.0.1", 0))
                .build();
        service = HttpService.start(() -> orchestrator, settings);
    }

    @AfterAll
    static void stop() {
        service.close();
        backend.close();
    }

    @Test
    void answersInJson() throws Exception {
        HttpResponse<byte[]> response = get("/api/clusters");

        assertThat(response.statusCode()).isEqualTo(200);
        // Jetty writes it without the blank, which means the same.
        assertThat(response.headers().firstValue("Content-Type").orElse(""))
                .isEqualToIgnoringCase("application/json;charset=UTF-8");
        assertThat(ParsedJson.of(response.body())).isEqualTo(List.of("db1.example:3306", "lost.example:3307"));
    }

    @Test
    void acceptsEncodedNewlinesAndDecodesSlashesBeforeRouting() throws Exception {
        assertThat(get("/api/begin-maintenance/db1.example/3306/me%0A/a%20reason%0A")
                        .statusCode())
                .isEqualTo(200);
        assertThat(text("/api/maintenance")).contains("\"Reason\":\"a reason\"");
        assertThat(get("/api/end-maintenance/db1.example/3306/").statusCode()).isEqualTo(200);
        assertThat(get("/api/instance/db1.example%2F3306").statusCode()).isEqualTo(200);
        assertThat(get("/api/instance/db1.example%2Fx/3306").statusCode()).isEqualTo(404);
        assertThat(get("/api/search/a+b").statusCode()).isEqualTo(200);
    }

    @Test
    void compressesWhatIsLongWhenTheClientCanReadIt() throws Exception {
        HttpResponse<byte[]> response = send(request("/api/all-instances").header("Accept-Encoding", "gzip"));

        assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat((List<?>) ParsedJson.of(in.readAllBytes())).hasSize(4);
        }
        assertThat(send(request("/api/all-instances").header("Accept-Encoding", "gzip;q=0"))
                        .headers()
                        .firstValue("Content-Encoding"))
                .isEmpty();
    }

    @Test
    void headHasNoBody() throws Exception {
        HttpResponse<byte[]> response = send(request("/").method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(302);
        assertThat(response.headers().firstValue("Location")).contains("/web/clusters");
        assertThat(send(request("/api/clusters").method("HEAD", HttpRequest.BodyPublishers.noBody()))
                        .body())
                .isEmpty();
    }

    @Test
    void postIsNotFound() throws Exception {
        assertThat(send(request("/api/clusters").POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aForeignOriginIsRefused() throws Exception {
        HttpResponse<byte[]> response =
                send(request("/api/forget/db1.example/3306").header("Origin", "http://evil.example"));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(new String(response.body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"Code\":\"ERROR\"", "http://evil.example");
    }

    @Test
    void thePageComesWithItsScriptAndStyle() throws Exception {
        assertThat(text("/web/clusters")).contains("<base href=\"/\">", "web/assets/page.js");
        assertThat(get("/web/assets/page.css")
                        .headers()
                        .firstValue("Content-Type")
                        .orElse(""))
                .startsWith("text/css");
    }

    @Test
    void aTakenPortIsSaid() {
        StandaloneSettings taken = settings.toBuilder()
                .listen(new ListenAddress("127.0.0.1", service.url().getPort()))
                .build();

        assertThatThrownBy(() -> HttpService.start(() -> orchestrator, taken))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining(
                        "cannot listen on 127.0.0.1:" + service.url().getPort())
                .hasMessageContaining("Address already in use");
    }

    private String text(String path) throws IOException, InterruptedException {
        return new String(get(path).body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(service.url() + path));
    }
}
