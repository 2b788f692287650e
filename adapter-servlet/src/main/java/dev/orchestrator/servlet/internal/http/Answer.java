package dev.orchestrator.servlet.internal.http;

import dev.orchestrator.api.operation.ServerResult;
import dev.orchestrator.servlet.internal.json.Json;
import dev.orchestrator.servlet.internal.json.RecordsJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request is answered with.
 *
 * @param status the status code
 * @param contentType what the body is
 * @param headers further headers
 * @param body the bytes; not sent for HEAD
 */
public record Answer(int status, String contentType, Map<String, String> headers, byte[] body) {
    private static final String JSON = "application/json; charset=UTF-8";
    private static final Map<String, String> NEVER_STORED = Map.of("Cache-Control", "no-store");

    static Answer bare(Json value) {
        return bare(200, value);
    }

    static Answer bare(int status, Json value) {
        return new Answer(status, JSON, NEVER_STORED, value.bytes());
    }

    /** The predecessor's envelope for success. */
    static Answer ok(String message, Json details) {
        return ok(message, details, List.of());
    }

    /** The same, with what was done to each server. */
    static Answer ok(String message, Json details, List<ServerResult> results) {
        return envelope(200, "OK", message, details, results);
    }

    static Answer ok(String message) {
        return ok(message, Json.NULL);
    }

    /** The predecessor's envelope for failure, which is always a status of 500. */
    static Answer error(String message, Json details) {
        return error(message, details, List.of());
    }

    /** The same, with what was done to each server. */
    static Answer error(String message, Json details, List<ServerResult> results) {
        return envelope(500, "ERROR", message, details, results);
    }

    static Answer error(String message) {
        return error(message, Json.NULL);
    }

    static Answer forbidden(String message) {
        return envelope(403, "ERROR", message, Json.NULL, List.of());
    }

    static Answer notFound() {
        return text(404, "404 page not found");
    }

    static Answer text(int status, String text) {
        return new Answer(
                status, "text/plain; charset=UTF-8", NEVER_STORED, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static Answer redirect(String location) {
        return new Answer(302, "text/plain; charset=UTF-8", Map.of("Location", location), new byte[0]);
    }

    Answer withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, contentType, more, body);
    }

    private static Answer envelope(int status, String code, String message, Json details, List<ServerResult> results) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Code", Json.of(code));
        fields.put("Message", Json.of(message));
        fields.put("Details", details);
        if (!results.isEmpty()) {
            fields.put("Results", Json.list(results, RecordsJson::result));
        }
        return bare(status, Json.object(fields));
    }
}
