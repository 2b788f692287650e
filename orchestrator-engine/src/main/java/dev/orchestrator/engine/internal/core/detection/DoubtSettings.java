package dev.orchestrator.engine.internal.core.detection;

import dev.orchestrator.api.config.OrchestratorConfig;
import java.time.Duration;

/**
 * How doubts about a silent source are settled.
 *
 * @param nodeName this node, for the audit trail
 * @param testsAllowed whether receivers may be restarted at all
 * @param restAfterTest how long a tested replica is left alone
 * @param patience how long replicas of a source whose connection broke may take to notice it themselves before one of
 *     them is tested; a source that gives no answer at all is tested for at once
 * @param rereadInterval how often a replica is read while it is expected to change
 * @param confirmAfter how long a restarted receiver must fail to connect before its source counts as lost; it must
 *     cover the handshakes of a healthy but distant source
 * @param restartTimeout how long a restart may take
 */
public record DoubtSettings(
        String nodeName,
        boolean testsAllowed,
        Duration restAfterTest,
        Duration patience,
        Duration rereadInterval,
        Duration confirmAfter,
        Duration restartTimeout) {
    /**
     * The settings that a configuration asks for.
     *
     * @param config the configuration
     * @return the settings
     */
    public static DoubtSettings of(OrchestratorConfig config) {
        return new DoubtSettings(
                config.nodeName(),
                !config.observeOnly(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                Duration.ofMillis(1500));
    }
}
