package dev.orchestrator.spi.host;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.Credentials;

/** Tells the account by which monitored servers are polled and commanded. Asked at every new connection. */
@FunctionalInterface
public interface CredentialsProvider {
    /**
     * The account for a server.
     *
     * @param key the server
     * @return the account
     */
    Credentials credentialsFor(InstanceKey key);
}
