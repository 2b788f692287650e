package dev.orchestrator.spi.host;

/** Turns a host name, as a server or an operator gave it, into the name the fleet uses. */
@FunctionalInterface
public interface HostnameResolver {
    /**
     * Resolves a name.
     *
     * @param hostname the name as given
     * @return the name to use; the given one when there is no better one
     */
    String resolve(String hostname);

    /** The resolver that changes nothing. */
    static HostnameResolver identity() {
        return hostname -> hostname;
    }
}
