package dev.orchestrator.testkit;

import dev.orchestrator.testkit.internal.fetch.Distributions;
import dev.orchestrator.testkit.server.Availability;
import dev.orchestrator.testkit.server.ServerPackage;

/** What of the servers is on this machine, and bringing what is not. */
public final class ServerPackages {
    private ServerPackages() {}

    /**
     * Looks whether a package can be started here. Does not go to the network, unless
     * {@code orchestrator.testkit.fetch=true} asks for it; then the package is fetched if it is not here.
     *
     * @param wanted the package
     * @return where it is, or why it is not here
     */
    public static Availability availability(ServerPackage wanted) {
        return Distributions.shared().availability(wanted);
    }

    /**
     * Brings a package into the cache if it is not here yet: tens of megabytes for 9.x and MariaDB, seconds to minutes.
     *
     * @param wanted the package
     * @throws dev.orchestrator.testkit.server.TestkitException when it cannot be had; the message says why and what to do
     */
    public static void fetch(ServerPackage wanted) {
        Distributions.shared().fetch(wanted);
    }
}
