package dev.orchestrator.testkit.internal;

import dev.orchestrator.testkit.ServerOptions;

/** A way to start servers. */
public interface ServerLauncher {
    /**
     * Starts a server and returns when it is ready for connections.
     *
     * @throws dev.orchestrator.testkit.TestkitException when it cannot be started; with the end of its error log
     */
    ServerHandle launch(ServerOptions options);

    /** The launcher for this machine. */
    static ServerLauncher ofThisMachine() {
        return new BinaryServerLauncher(Distributions.shared(), Ports::free);
    }
}
