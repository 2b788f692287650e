package dev.orchestrator.api.model.channel;

import java.util.Objects;
import java.util.Optional;

/**
 * What a replica's own notes say of one of its channels.
 *
 * @param credentials the account its receiver logs in with; empty when the server does not hold both parts of it where
 *     they can be read, as when they were only given to the statement that started it
 * @param options how it connects
 */
public record ChannelSettings(Optional<Credentials> credentials, ChannelOptions options) {
    /** Checks. */
    public ChannelSettings {
        Objects.requireNonNull(credentials, "credentials");
        Objects.requireNonNull(options, "options");
    }
}
