package dev.orchestrator.servlet.internal.http;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One route: which paths, and what is done.
 *
 * @param segments the path below the API's root; those that begin with a colon match any one segment
 * @param access whether it only reads
 * @param handler what is done
 */
record Route(List<String> segments, Access access, Handler handler) {
    /** Whether a route changes anything. */
    enum Access {
        /** It only reads. */
        READ,
        /** It changes or starts something: strangers' pages must not bring a browser to it. */
        ORDER
    }

    /** What a route does. */
    @FunctionalInterface
    interface Handler {
        Answer handle(RouteCall call);
    }

    static Route read(String pattern, Handler handler) {
        return new Route(List.of(pattern.split("/")), Access.READ, handler);
    }

    static Route order(String pattern, Handler handler) {
        return new Route(List.of(pattern.split("/")), Access.ORDER, handler);
    }

    /** The values of the parameters, null when the path is another one. */
    @Nullable
    Map<String, String> match(List<String> path) {
        if (path.size() != segments.size()) {
            return null;
        }
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < path.size(); i++) {
            String segment = segments.get(i);
            if (segment.startsWith(":")) {
                values.put(segment.substring(1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return null;
            }
        }
        return values;
    }
}
