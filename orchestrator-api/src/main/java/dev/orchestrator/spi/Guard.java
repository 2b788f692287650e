package dev.orchestrator.spi;

import java.util.Objects;

/**
 * The condition under which a server may carry out a command. It travels with the command and is checked on the server
 * itself, because no check made before sending can stop a process that is paused between check and send.
 *
 * @param serverUuid the identity the server must have
 * @param deadlineNanos the {@link Ticker} reading after which the server must refuse; it lies within the lease or lock
 *     under which the command is given
 */
public record Guard(String serverUuid, long deadlineNanos) {
    /** Checks that the server is named. */
    public Guard {
        Objects.requireNonNull(serverUuid, "serverUuid");
    }
}
