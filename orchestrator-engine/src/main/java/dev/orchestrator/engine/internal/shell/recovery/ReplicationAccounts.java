package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.spi.InstanceGateway;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** As whom replicas log in at their sources. */
final class ReplicationAccounts {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private ReplicationAccounts() {}

    /** Asks a replica for the settings of its main channel; empty, and told why, when there is no account in them. */
    static Optional<ChannelSettings> of(Instance replica, InstanceGateway gateway, Consumer<String> whyNot) {
        String channel = replica.mainChannel().orElseThrow().name();
        try {
            Optional<ChannelSettings> settings = gateway.channelSettings(replica.key(), channel, PATIENCE)
                    .filter(s -> s.credentials().isPresent());
            if (settings.isEmpty()) {
                whyNot.accept("mysql.slave_master_info of " + replica.key() + " holds no account and password");
            }
            return settings;
        } catch (OrchestratorException e) {
            whyNot.accept(Objects.requireNonNullElse(e.getMessage(), e.code().name()));
            return Optional.empty();
        }
    }
}
