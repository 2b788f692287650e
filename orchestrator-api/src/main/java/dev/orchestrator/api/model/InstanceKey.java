package dev.orchestrator.api.model;

import java.util.Locale;
import java.util.Objects;

/**
 * The address by which a server is reached: a host name or IP address, and a port. A server may have several keys
 * (an alias, an address, {@code localhost}); its identity is its {@code server_uuid}.
 *
 * @param hostname host name or literal address, lower case, without brackets even for IPv6; never empty
 * @param port 1 to 65535
 */
public record InstanceKey(String hostname, int port) implements Comparable<InstanceKey> {
    /** The port of a server when a key names none. */
    public static final int DEFAULT_PORT = 3306;

    /** Checks host and port, and folds the host to lower case. */
    public InstanceKey {
        Objects.requireNonNull(hostname, "hostname");
        hostname = hostname.toLowerCase(Locale.ROOT);
        if (hostname.isEmpty() || hostname.length() > 255 || hostname.chars().anyMatch(InstanceKey::isForbidden)) {
            throw new IllegalArgumentException(
                    "not a host name: '" + printable(hostname) + "' (expected a name or an IP address)");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port of " + hostname + " is not between 1 and 65535: " + port);
        }
    }

    /**
     * Reads {@code host}, {@code host:port}, {@code [ipv6]}, {@code [ipv6]:port} or a bare IPv6 address.
     *
     * @param text what an operator or a server wrote; surrounding blanks and newlines are ignored
     * @param defaultPort the port when the text names none
     * @throws IllegalArgumentException when the text is no address; the message quotes it
     */
    public static InstanceKey parse(String text, int defaultPort) {
        String trimmed = text.strip();
        if (trimmed.startsWith("[")) {
            int end = trimmed.indexOf(']');
            if (end < 0 || (end + 1 < trimmed.length() && trimmed.charAt(end + 1) != ':')) {
                throw malformed(text);
            }
            String port = end + 1 == trimmed.length() ? "" : trimmed.substring(end + 2);
            return new InstanceKey(trimmed.substring(1, end), parsePort(text, port, defaultPort));
        }
        int colon = trimmed.lastIndexOf(':');
        boolean bareIpv6 = colon >= 0 && trimmed.indexOf(':') != colon;
        if (colon < 0 || bareIpv6) {
            return new InstanceKey(trimmed, defaultPort);
        }
        return new InstanceKey(trimmed.substring(0, colon), parsePort(text, trimmed.substring(colon + 1), defaultPort));
    }

    /**
     * Reads a key whose port defaults to {@value #DEFAULT_PORT}.
     *
     * @param text see {@link #parse(String, int)}
     */
    public static InstanceKey parse(String text) {
        return parse(text, DEFAULT_PORT);
    }

    private static int parsePort(String text, String port, int defaultPort) {
        if (port.isEmpty()) {
            return defaultPort;
        }
        try {
            return Integer.parseInt(port);
        } catch (NumberFormatException e) {
            IllegalArgumentException malformed = malformed(text);
            malformed.initCause(e);
            throw malformed;
        }
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "not an instance: '" + printable(text) + "' (expected host, host:port or [ipv6]:port)");
    }

    private static boolean isForbidden(int c) {
        return Character.isWhitespace(c) || Character.isISOControl(c) || "/\\[],'\"`;<>".indexOf(c) >= 0;
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(200).forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.toString();
    }

    /** {@code host:port}, with brackets around an IPv6 address. */
    @Override
    public String toString() {
        return hostname.indexOf(':') >= 0 ? "[" + hostname + "]:" + port : hostname + ":" + port;
    }

    @Override
    public int compareTo(InstanceKey other) {
        int byHost = hostname.compareTo(other.hostname);
        return byHost != 0 ? byHost : Integer.compare(port, other.port);
    }
}
