package dev.orchestrator.testkit.internal;

import dev.orchestrator.testkit.server.ServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One server that was launched: what can be done to it from outside. */
public interface ServerHandle {
    /** The port on 127.0.0.1; stays the same over restarts. */
    int port();

    /** The server's process id as this machine sees it. */
    long pid();

    /** True from start to end, also while frozen. */
    boolean isRunning();

    /** Writes its option file anew: it is what these options say from its next start on. */
    void configure(ServerOptions options);

    /** Starts it again on the same data and port, and returns when it is ready for connections. */
    void startAgain();

    /** Asks it to end and waits. */
    void stop(Duration limit);

    /** SIGKILL, and waits until it is gone. */
    void kill();

    /** SIGSTOP. */
    void freeze();

    /** SIGCONT. */
    void thaw();

    /** Its data directory, as the server names it. */
    Path dataDir();

    /** Every line of its error log. */
    List<String> errorLog();

    /** Every line of its general log; empty when it writes none. */
    List<String> generalLog();

    /** Kills it if it runs and removes everything it had. */
    void discard();
}
