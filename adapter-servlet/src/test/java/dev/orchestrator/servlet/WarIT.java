package dev.orchestrator.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The WAR as it was packaged: in a Servlet 6 container that is not the one we embed, and by itself. */
class WarIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void deploysInAContainer() throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        Files.createDirectories(folder.resolve("webapps"));
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        Context context = tomcat.addWebapp("/orc", war().toString());
        context.addParameter("orchestrator.config", config(0).toString());
        tomcat.start();
        try {
            URI base = URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/orc");
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(get(base + "/api/leader-check")).isEqualTo("200 \"OK\""));
            assertThat(get(base + "/api/clusters")).isEqualTo("200 []");
            assertThat(get(base + "/web/clusters")).contains("<base href=\"/orc/\">");
            assertThat(get(base + "/api/nothing")).isEqualTo("404 404 page not found\n");
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    @Test
    void runsByItself() throws Exception {
        int port = freePort();
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        war().toString(),
                        "--config=" + config(port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(get("http://127.0.0.1:" + port + "/api/leader-check"))
                            .isEqualTo("200 \"OK\""));
            process.destroy();
            assertThat(process.waitFor(30, java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(Files.readString(log), e);
        } finally {
            process.destroyForcibly();
        }
    }

    private Path config(int port) throws IOException {
        return Files.writeString(
                folder.resolve("orchestrator.conf.json"),
                "{\"BackendDB\": \"sqlite\", \"SQLite3DataFile\": \"" + folder.resolve("orc.sqlite3")
                        + "\", \"ListenAddress\": \"127.0.0.1:" + port + "\"}");
    }

    private String get(String url) throws IOException, InterruptedException {
        HttpResponse<String> response =
                client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    private static Path war() {
        return Path.of(Objects.requireNonNull(System.getProperty("war.file"), "set by the build: war.file"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
