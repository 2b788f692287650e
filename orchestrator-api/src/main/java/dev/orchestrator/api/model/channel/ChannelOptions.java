package dev.orchestrator.api.model.channel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How a receiver connects to its source, whoever that is: what another server of the cluster needs in order to
 * replicate in the same way. What belongs to one server alone is not here: the address it binds to, its delay, its
 * filters.
 *
 * @param tls encryption and certificates
 * @param publicKeyPath the file with the source's public key; empty for none
 * @param requestsPublicKey whether the receiver asks the source for its public key
 * @param compressionAlgorithms the algorithms allowed, comma-separated; empty where the server knows none
 * @param zstdLevel the level of zstd; 0 where the server knows none
 * @param heartbeat how often the source tells that it lives; zero for never
 * @param connectRetry the pause between two attempts to connect
 * @param retryCount how many attempts are made; 0 where the server does not say
 */
public record ChannelOptions(
        ChannelTls tls,
        String publicKeyPath,
        boolean requestsPublicKey,
        String compressionAlgorithms,
        int zstdLevel,
        Duration heartbeat,
        Duration connectRetry,
        long retryCount) {
    /** Without encryption, with quick reconnects: what a channel gets that nothing is known about. */
    public static final ChannelOptions PLAIN =
            new ChannelOptions(ChannelTls.OFF, "", true, "", 0, Duration.ofSeconds(2), Duration.ofSeconds(1), 86_400);

    /** Checks. */
    public ChannelOptions {
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(publicKeyPath, "publicKeyPath");
        Objects.requireNonNull(compressionAlgorithms, "compressionAlgorithms");
        Objects.requireNonNull(heartbeat, "heartbeat");
        Objects.requireNonNull(connectRetry, "connectRetry");
    }

    /**
     * The same with other encryption.
     *
     * @param other the encryption
     */
    public ChannelOptions withTls(ChannelTls other) {
        return new ChannelOptions(
                other,
                publicKeyPath,
                requestsPublicKey,
                compressionAlgorithms,
                zstdLevel,
                heartbeat,
                connectRetry,
                retryCount);
    }

    /**
     * What they say, for people. There are paths in it, but no secret.
     *
     * @return the options that are set, comma-separated
     */
    public String describe() {
        List<String> words = new ArrayList<>();
        words.add(tls.describe());
        if (!publicKeyPath.isEmpty()) {
            words.add("public key " + publicKeyPath);
        }
        if (requestsPublicKey) {
            words.add("asks for the public key");
        }
        if (!compressionAlgorithms.isEmpty()) {
            words.add("compression " + compressionAlgorithms + " level " + zstdLevel);
        }
        words.add("heartbeat " + heartbeat.toMillis() / 1000.0 + " s");
        words.add("connect retry " + connectRetry.toSeconds() + " s");
        if (retryCount > 0) {
            words.add("retry count " + retryCount);
        }
        return String.join(", ", words);
    }
}
