package dev.orchestrator.servlet.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The web page: one document for all addresses below /web, its script, its style. */
final class WebPages {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";
    private static final Map<String, String> ASSETS =
            Map.of("page.js", "text/javascript; charset=UTF-8", "page.css", "text/css; charset=UTF-8");

    private final String prefix;
    private final String document = resource("page.html");
    private final Map<String, byte[]> assets = new LinkedHashMap<>();

    WebPages(String prefix) {
        this.prefix = prefix;
        ASSETS.keySet().forEach(name -> assets.put(name, resource(name).getBytes(StandardCharsets.UTF_8)));
    }

    /** The root of everything leads to the page. */
    Answer home(HttpExchange exchange) {
        return Answer.redirect(exchange.contextPath() + prefix + "/web/clusters");
    }

    Answer answer(HttpExchange exchange, List<String> path) {
        if (path.isEmpty() || (path.size() == 1 && path.get(0).equals("web"))) {
            return home(exchange);
        }
        if (!path.get(0).equals("web")) {
            return Answer.notFound();
        }
        if (path.size() == 3 && path.get(1).equals("assets")) {
            byte[] asset = assets.get(path.get(2));
            return asset == null
                    ? Answer.notFound()
                    : secured(new Answer(
                            200, ASSETS.getOrDefault(path.get(2), ""), Map.of("Cache-Control", "no-cache"), asset));
        }
        String html = document.replace("{{base}}", escaped(exchange.contextPath() + prefix + "/"));
        return secured(new Answer(
                200,
                "text/html; charset=UTF-8",
                Map.of("Cache-Control", "no-cache"),
                html.getBytes(StandardCharsets.UTF_8)));
    }

    private static Answer secured(Answer answer) {
        return answer.withHeader("Content-Security-Policy", POLICY)
                .withHeader("X-Content-Type-Options", "nosniff")
                .withHeader("Referrer-Policy", "same-origin");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
    }

    private static String resource(String name) {
        try (InputStream in = WebPages.class.getResourceAsStream("/dev/orchestrator/servlet/webui/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the web page's " + name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the web page's " + name, e);
        }
    }
}
