package dev.orchestrator.servlet.fake;

import dev.orchestrator.servlet.internal.http.Answer;
import dev.orchestrator.servlet.internal.http.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request made by hand, and what it was answered with. */
public final class FakeExchange implements HttpExchange {
    private final String method;
    private final String path;
    private final Map<String, String> query = new HashMap<>();
    private final Map<String, String> headers = new HashMap<>();
    private @Nullable Answer answer;

    public FakeExchange(String method, String path) {
        this.method = method;
        this.path = path;
    }

    public FakeExchange header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public FakeExchange query(String name, String value) {
        query.put(name, value);
        return this;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String rawPath() {
        return path;
    }

    @Override
    public String contextPath() {
        return "";
    }

    @Override
    public @Nullable String query(String name) {
        return query.get(name);
    }

    @Override
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    @Override
    public Map<String, List<String>> headers() {
        Map<String, List<String>> all = new HashMap<>();
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        return all;
    }

    @Override
    public String remoteAddress() {
        return "192.0.2.7";
    }

    @Override
    public @Nullable String remoteUser() {
        return null;
    }

    @Override
    public void answer(Answer given) {
        answer = given;
    }

    public Answer answered() {
        return Objects.requireNonNull(answer, "not answered");
    }

    public int status() {
        return answered().status();
    }

    public String body() {
        return new String(answered().body(), StandardCharsets.UTF_8);
    }

    public @Nullable Object json() {
        return ParsedJson.of(answered().body());
    }

    public @Nullable Object field(String name) {
        return ParsedJson.object(answered().body()).get(name);
    }
}
