package dev.orchestrator.standalone.settings;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What the HTTP API and the web page need to know of where they are served.
 *
 * @param listen where the service or container listens: it decides under which host names orders are accepted
 * @param urlPrefix what every path begins with; empty, or a path with a leading and without a trailing slash
 * @param statusEndpoint the path of the status check; another one than {@code /api/status} stands outside the prefix
 * @param allowedHosts further host names under which orders are accepted; {@code *} for any
 * @param problemIgnoreFilters instances left out of the list of problems: patterns to find in {@code host:port}
 */
public record HttpSettings(
        ListenAddress listen,
        String urlPrefix,
        String statusEndpoint,
        List<String> allowedHosts,
        List<Pattern> problemIgnoreFilters) {
    /** Copies the lists. */
    public HttpSettings {
        Objects.requireNonNull(listen, "listen");
        Objects.requireNonNull(urlPrefix, "urlPrefix");
        Objects.requireNonNull(statusEndpoint, "statusEndpoint");
        allowedHosts = List.copyOf(allowedHosts);
        problemIgnoreFilters = List.copyOf(problemIgnoreFilters);
    }

    /**
     * For an application that says by the servlet's mapping where the API is.
     *
     * @param listen where the container listens
     * @param allowedHosts the application's host names, such as that of its load balancer; {@code *} for any
     * @return settings without prefix and filters
     */
    public static HttpSettings at(ListenAddress listen, List<String> allowedHosts) {
        return new HttpSettings(listen, "", "/api/status", allowedHosts, List.of());
    }
}
