package dev.orchestrator.testkit.internal;

import dev.orchestrator.testkit.internal.fetch.Distributions;
import dev.orchestrator.testkit.internal.fetch.DockerSupport;
import dev.orchestrator.testkit.server.Availability;
import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.TestkitException;

/** A way to start servers. */
public interface ServerLauncher {
    /**
     * Starts a server and returns when it is ready for connections.
     *
     * @throws dev.orchestrator.testkit.server.TestkitException when it cannot be started; with the end of its error log
     */
    ServerHandle launch(ServerOptions options);

    /** The launcher for this machine. */
    static ServerLauncher ofThisMachine() {
        if (DockerSupport.isChosen()) {
            Availability availability = DockerSupport.availability();
            if (!availability.isFound()) {
                throw new TestkitException("cannot start a server: " + availability.explanation());
            }
            return new DockerServerLauncher();
        }
        return new BinaryServerLauncher(Distributions.shared(), FreePorts::free);
    }
}
