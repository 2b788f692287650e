package dev.orchestrator.servlet.internal.http;

import dev.orchestrator.standalone.settings.ListenAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps strangers' web pages from giving orders through a browser that can reach this service. Orders are GET requests,
 * as the predecessor's users know them, so the usual protection of a method does not exist. A request is refused when the
 * browser says that another site's page made it, and when it came by a host name that is not ours: such a name may have
 * been pointed at our address by a stranger (DNS rebinding). Programs that are no browsers send no such headers.
 */
final class RequestGuard {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final boolean loopbackOnly;
    private final boolean anyHost;
    private final Set<String> names = new TreeSet<>();

    /**
     * Makes one.
     *
     * @param listen where the service listens
     * @param ownNames names of this host
     * @param allowed further names; * for any
     */
    RequestGuard(ListenAddress listen, List<String> ownNames, List<String> allowed) {
        this.loopbackOnly = listen.isLoopback();
        this.anyHost = allowed.contains("*");
        names.add("localhost");
        if (!loopbackOnly) {
            ownNames.forEach(n -> names.add(n.toLowerCase(Locale.ROOT)));
            if (!listen.host().isEmpty()) {
                names.add(listen.host().toLowerCase(Locale.ROOT));
            }
        }
        allowed.forEach(n -> names.add(n.toLowerCase(Locale.ROOT)));
    }

    /** Why an order is refused, empty when it is not. */
    Optional<String> refusal(HttpExchange exchange) {
        String site = exchange.header("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return Optional.of("refused: the request was made by a page of another site (Sec-Fetch-Site: " + shown(site)
                    + "); orders are accepted from this service's own pages and from programs");
        }
        String host = exchange.header("Host");
        String origin = exchange.header("Origin");
        String from = origin != null ? origin : exchange.header("Referer");
        if (from != null && !sameAuthority(from, host)) {
            return Optional.of("refused: the request was made by a page of " + shown(from) + ", not of "
                    + shown(host == null ? "this service" : host));
        }
        if (host != null && !anyHost && !isOurs(hostOnly(host))) {
            return Optional.of("refused: orders are not accepted under the host name " + shown(host)
                    + "; add it to HTTPAllowedHosts in the configuration if it is this service's");
        }
        return Optional.empty();
    }

    private boolean isOurs(String host) {
        if (names.contains(host)) {
            return true;
        }
        boolean address = IPV4.matcher(host).matches() || host.indexOf(':') >= 0;
        // A page can bring a browser here by a name of its own, but not by an address.
        return address && (!loopbackOnly || host.startsWith("127.") || host.equals("::1"));
    }

    private static boolean sameAuthority(String from, @Nullable String host) {
        try {
            String authority = URI.create(from).getRawAuthority();
            return authority != null && host != null && authority.equalsIgnoreCase(host);
        } catch (IllegalArgumentException e) {
            // What is no URI is nobody's page that we know.
            return false;
        }
    }

    private static String hostOnly(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        if (lower.startsWith("[")) {
            int end = lower.indexOf(']');
            return end < 0 ? lower : lower.substring(1, end);
        }
        int colon = lower.lastIndexOf(':');
        String name = colon < 0 ? lower : lower.substring(0, colon);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static String shown(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }
}
