package dev.orchestrator.servlet.internal.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request and its answer, whatever server brought it. Not thread-safe. */
public interface HttpExchange {
    /**
     * The method.
     *
     * @return in upper case
     */
    String method();

    /**
     * The path as it was sent, without what the container routed by.
     *
     * @return percent-encoded, beginning with a slash
     */
    String rawPath();

    /**
     * What stands before the path because of where the application was deployed and what the servlet is mapped to.
     *
     * @return empty, or a path with a leading and without a trailing slash
     */
    String contextPath();

    /**
     * A parameter of the query.
     *
     * @param name its name
     * @return decoded and without blanks around it; null when absent
     */
    @Nullable
    String query(String name);

    /**
     * A header.
     *
     * @param name its name
     * @return its first value, null when absent
     */
    @Nullable
    String header(String name);

    /**
     * All headers.
     *
     * @return name to values
     */
    Map<String, List<String>> headers();

    /**
     * Where the request came from.
     *
     * @return an address
     */
    String remoteAddress();

    /**
     * Who the container says it is.
     *
     * @return null when nobody was asked
     */
    @Nullable
    String remoteUser();

    /**
     * Answers.
     *
     * @param answer what
     */
    void answer(Answer answer);
}
