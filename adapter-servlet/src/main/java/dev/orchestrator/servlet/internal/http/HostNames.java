package dev.orchestrator.servlet.internal.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The names this host calls itself. */
public final class HostNames {
    private HostNames() {}

    /**
     * The names under which this host may be reached.
     *
     * @return its name, in full and in short; empty when it has none
     */
    public static List<String> own() {
        try {
            InetAddress local = InetAddress.getLocalHost();
            String name = local.getHostName();
            int dot = name.indexOf('.');
            return List.of(name, dot > 0 ? name.substring(0, dot) : name, local.getCanonicalHostName());
        } catch (UnknownHostException e) {
            // A host without a name is reached by its address.
            return List.of();
        }
    }
}
