package dev.orchestrator.standalone;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Orchestrator;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.spi.AuditStore;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.standalone.text.Durations;
import dev.orchestrator.standalone.text.Pools;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What operators tell us they want, the same through every door: written to the backend and to the audit trail.
 * Thread-safe; all methods ask the backend and throw {@code BACKEND_UNAVAILABLE} when it does not answer.
 */
public final class OperatorOrders {
    /** Longer is a slip of the finger. Servers that are never to be looked at are to be forgotten. */
    private static final Duration LONGEST_DOWNTIME = Duration.ofDays(3650);

    private final Orchestrator orchestrator;

    /**
     * Makes one.
     *
     * @param orchestrator whose backend to write to
     */
    public OperatorOrders(Orchestrator orchestrator) {
        this.orchestrator = orchestrator;
    }

    /**
     * Begins or replaces a downtime.
     *
     * @param instance the instance
     * @param owner who
     * @param reason why; must say something
     * @param duration how long, at most ten years; null for the configured time
     */
    public void beginDowntime(FleetMember instance, Actor owner, String reason, @Nullable Duration duration) {
        Duration time = duration == null ? orchestrator.config().maintenanceDuration() : duration;
        if (reason.isBlank()) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_INPUT, "a downtime of " + instance.key() + " needs a reason");
        }
        if (time.isZero() || time.isNegative() || time.compareTo(LONGEST_DOWNTIME) > 0) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_INPUT,
                    "a downtime of " + instance.key() + " must last longer than nothing and at most "
                            + LONGEST_DOWNTIME.toDays() + " days");
        }
        orchestrator.backend().intents().beginDowntime(instance.key(), owner, reason, time);
        audit("begin-downtime", instance, owner, "for " + Durations.text(time) + ": " + reason);
    }

    /**
     * Ends a downtime.
     *
     * @param instance the instance
     * @param by who
     * @return whether there was one
     */
    public boolean endDowntime(FleetMember instance, Actor by) {
        boolean ended = orchestrator.backend().intents().endDowntime(instance.key());
        if (ended) {
            audit("end-downtime", instance, by, "ended");
        }
        return ended;
    }

    /**
     * Gives an instance a promotion rule for the configured time.
     *
     * @param instance the instance
     * @param rule the rule; {@code MUST} is reserved and refused
     * @param by who
     */
    public void setPromotionRule(FleetMember instance, PromotionRule rule, Actor by) {
        if (rule == PromotionRule.MUST) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_INPUT,
                    "promotion rule must is reserved (expected prefer, neutral, prefer_not or must_not)");
        }
        orchestrator
                .backend()
                .intents()
                .setPromotionRule(instance.key(), rule, orchestrator.config().promotionRuleDuration());
        audit("register-candidate", instance, by, "promotion rule " + rule.text());
    }

    /**
     * Switches all automatic recoveries on or off.
     *
     * @param enabled whether they may run
     * @param by who
     */
    public void setRecoveriesEnabled(boolean enabled, Actor by) {
        orchestrator.backend().intents().setRecoveriesEnabled(enabled, by);
        append(
                enabled ? "enable-global-recoveries" : "disable-global-recoveries",
                null,
                "",
                by,
                "automatic recoveries " + (enabled ? "enabled" : "disabled"));
    }

    /**
     * Gives a cluster an alias that overrides all others.
     *
     * @param cluster the cluster
     * @param alias the alias; must say something
     * @param by who
     */
    public void setClusterAlias(Cluster cluster, String alias, Actor by) {
        if (alias.isBlank()) {
            throw new OrchestratorException(ErrorCode.INVALID_INPUT, "an alias of " + cluster.name() + " is missing");
        }
        orchestrator.backend().intents().setClusterAlias(cluster.id(), alias);
        append("set-cluster-alias", null, cluster.name(), by, "alias " + alias);
    }

    /**
     * Acknowledges recoveries, which lifts their block.
     *
     * @param filter which
     * @param by who
     * @param comment why; must say something
     * @return how many
     */
    public int acknowledge(RecoveryStore.Filter filter, Actor by, String comment) {
        if (comment.isBlank()) {
            throw new OrchestratorException(ErrorCode.INVALID_INPUT, "No acknowledge comment given");
        }
        int acknowledged = orchestrator.backend().recoveries().acknowledge(filter, by, comment);
        if (acknowledged > 0) {
            append("acknowledge-recovery", filter.failed(), "", by, acknowledged + " recoveries: " + comment);
        }
        return acknowledged;
    }

    /**
     * Replaces the members of a pool.
     *
     * @param pool its name
     * @param list its members by comma or blank
     * @param by who
     */
    public void submitPool(String pool, String list, Actor by) {
        List<InstanceKey> members = new Pools(orchestrator).members(pool, list);
        orchestrator.backend().pools().replace(pool, members);
        append("submit-pool-instances", null, "", by, "pool " + pool + ": " + members);
    }

    private void audit(String type, FleetMember instance, Actor by, String message) {
        String cluster = orchestrator
                .fleet()
                .cluster(instance.cluster())
                .map(Cluster::name)
                .orElse("");
        append(type, instance.key(), cluster, by, message);
    }

    private void append(String type, @Nullable InstanceKey instance, String cluster, Actor by, String message) {
        orchestrator
                .backend()
                .audit()
                .append(List.of(new AuditStore.Entry(0, null, type, instance, cluster, by, message)));
    }
}
