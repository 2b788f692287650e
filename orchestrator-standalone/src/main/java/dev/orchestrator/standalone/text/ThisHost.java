package dev.orchestrator.standalone.text;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The machine this process runs on. */
public final class ThisHost {
    private ThisHost() {}

    /**
     * Its name.
     *
     * @return the name the machine has for itself; {@code localhost} when it has none that resolves
     */
    public static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // The message begins with the name that does not resolve; it is a name all the same.
            String message = String.valueOf(e.getMessage());
            int colon = message.indexOf(':');
            return colon > 0 ? message.substring(0, colon) : "localhost";
        }
    }
}
