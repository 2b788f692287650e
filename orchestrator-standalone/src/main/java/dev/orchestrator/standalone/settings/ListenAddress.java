package dev.orchestrator.standalone.settings;

import java.util.Objects;

/**
 * Where the HTTP service listens.
 *
 * @param host a name or address, empty for all addresses of this host
 * @param port the port, 0 for any free one
 */
public record ListenAddress(String host, int port) {
    /** Checks the port. */
    public ListenAddress {
        Objects.requireNonNull(host, "host");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("must have a port between 0 and 65535, not " + port);
        }
    }

    /**
     * Reads {@code :port}, {@code host:port} or {@code [ipv6]:port}.
     *
     * @param text what is written in the file
     * @return the address
     * @throws IllegalArgumentException when the text is none; the message goes on from "ListenAddress"
     */
    public static ListenAddress parse(String text) {
        String trimmed = text.strip();
        int colon = trimmed.lastIndexOf(':');
        if (colon < 0 || !trimmed.substring(colon + 1).matches("\\d{1,5}")) {
            throw malformed(text);
        }
        String host = trimmed.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw malformed(text);
        }
        return new ListenAddress(host, Integer.parseInt(trimmed.substring(colon + 1)));
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("must be :port, host:port or [ipv6]:port, not '" + text + "'");
    }

    /**
     * Whether only programs of this host can reach it.
     *
     * @return true for localhost, 127.0.0.0/8 and ::1
     */
    public boolean isLoopback() {
        return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
