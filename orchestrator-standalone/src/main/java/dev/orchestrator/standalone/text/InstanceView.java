package dev.orchestrator.standalone.text;

import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One instance at one moment, with what the predecessor derives from the facts. Immutable. */
public final class InstanceView {
    /** The predecessor calls an instance recently checked for so many poll intervals. */
    private static final int RECENT_INTERVALS = 5;
    /** Above this lag the tree calls a replica lagging (ReasonableMaintenanceReplicationLagSeconds). */
    private static final Duration MAINTENANCE_LAG = Duration.ofSeconds(20);

    private final Fleet fleet;
    private final FleetMember member;
    private final OrchestratorConfig config;
    private final Intents intents;
    private final Instant now;

    /**
     * Looks at a member.
     *
     * @param fleet its fleet
     * @param member the member
     * @param config the settings
     * @param intents what operators want
     * @param now the moment
     */
    public InstanceView(Fleet fleet, FleetMember member, OrchestratorConfig config, Intents intents, Instant now) {
        this.fleet = Objects.requireNonNull(fleet, "fleet");
        this.member = Objects.requireNonNull(member, "member");
        this.config = Objects.requireNonNull(config, "config");
        this.intents = Objects.requireNonNull(intents, "intents");
        this.now = Objects.requireNonNull(now, "now");
    }

    /**
     * The member.
     *
     * @return what was looked at
     */
    public FleetMember member() {
        return member;
    }

    /**
     * Whether the last poll brought facts.
     *
     * @return the predecessor's IsLastCheckValid
     */
    public boolean isLastCheckValid() {
        return member.isReachable();
    }

    /**
     * Whether the last poll was within one interval.
     *
     * @return the predecessor's IsUpToDate
     */
    public boolean isUpToDate() {
        return checkedWithin(config.pollInterval());
    }

    /**
     * Whether the last poll was within a few intervals.
     *
     * @return the predecessor's IsRecentlyChecked
     */
    public boolean isRecentlyChecked() {
        return checkedWithin(config.pollInterval().multipliedBy(RECENT_INTERVALS));
    }

    private boolean checkedWithin(Duration limit) {
        Instant at = member.lastAttempt();
        // To the second, as the predecessor, so that an interval of 5 s is kept by a poll every 5 s.
        return at != null && Duration.between(at, now).toSeconds() <= limit.toSeconds();
    }

    /**
     * The main channel.
     *
     * @return empty for a server that replicates from nobody, or was never seen
     */
    public Optional<ReplicationChannel> channel() {
        return member.facts().flatMap(Instance::mainChannel);
    }

    /**
     * Whether it replicates from somebody and both threads are at work.
     *
     * @return true when new transactions arrive and are applied
     */
    public boolean isReplicating() {
        return channel().map(ReplicationChannel::isReplicating).orElse(false);
    }

    /**
     * The lag. A server that replicates from nobody has none.
     *
     * @return empty when unknown
     */
    public Optional<Duration> lag() {
        Optional<ReplicationChannel> channel = channel();
        return channel.isPresent()
                ? channel.map(ReplicationChannel::lag)
                : member.facts().map(i -> Duration.ZERO);
    }

    private boolean lagsBeyond(Duration limit) {
        Duration delay = channel().map(ReplicationChannel::configuredDelay).orElse(Duration.ZERO);
        return lag().map(lag -> lag.minus(delay).abs().compareTo(limit) > 0).orElse(false);
    }

    /**
     * Whether it and its source replicate from each other.
     *
     * @return the predecessor's IsCoMaster
     */
    public boolean isCoPrimary() {
        return fleet.sourceOf(member)
                .filter(source -> !source.key().equals(member.key()))
                .flatMap(fleet::sourceOf)
                .map(back -> back.key().equals(member.key()))
                .orElse(false);
    }

    /**
     * The chain of sources, the nearest first. A ring ends where it began.
     *
     * @return empty for a primary
     */
    public List<FleetMember> ancestors() {
        List<FleetMember> chain = new ArrayList<>();
        Optional<FleetMember> source = fleet.sourceOf(member);
        while (source.isPresent() && !source.get().equals(member) && !chain.contains(source.get())) {
            chain.add(source.get());
            source = fleet.sourceOf(source.get());
        }
        return chain;
    }

    /**
     * The downtime it is in.
     *
     * @return empty for none
     */
    public Optional<Downtime> downtime() {
        return intents.downtime(member.key()).filter(d -> d.end().isAfter(now));
    }

    /**
     * The promotion rule: an operator's, else the one the configured query gave.
     *
     * @return neutral when nobody said anything
     */
    public PromotionRule promotionRule() {
        PromotionRule registered = intents.promotionRules().get(member.key());
        return registered != null
                ? registered
                : member.facts().map(Instance::detectedPromotionRule).orElse(PromotionRule.NEUTRAL);
    }

    /**
     * What is wrong with it, in the predecessor's words.
     *
     * @return empty when nothing is
     */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!isLastCheckValid()) {
            problems.add("last_check_invalid");
        } else if (!isRecentlyChecked()) {
            problems.add("not_recently_checked");
        } else if (channel().isPresent() && !isReplicating()) {
            problems.add("not_replicating");
        } else if (lagsBeyond(config.lagThreshold())) {
            problems.add("replication_lag");
        }
        Optional<Instance> facts = member.facts();
        if (facts.filter(i -> !i.errantGtids().isEmpty()).isPresent()) {
            problems.add("errant_gtid");
        }
        if (facts.map(Instance::group)
                .filter(g -> !g.memberState().equals("ONLINE"))
                .isPresent()) {
            problems.add("group_replication_member_not_online");
        }
        return problems;
    }

    /**
     * The lag as the tree shows it.
     *
     * @return {@code unknown}, {@code null} or seconds
     */
    public String lagText() {
        if (!isLastCheckValid()) {
            return "unknown";
        }
        return lag().map(lag -> lag.toSeconds() + "s").orElse("null");
    }

    /**
     * The state as the tree shows it.
     *
     * @return {@code invalid}, {@code unchecked}, {@code nonreplicating}, {@code lag} or {@code ok}
     */
    public String statusText() {
        if (!isLastCheckValid()) {
            return "invalid";
        }
        if (!isRecentlyChecked()) {
            return "unchecked";
        }
        if (channel().isPresent() && !isReplicating()) {
            return "nonreplicating";
        }
        return channel().isPresent() && lagsBeyond(MAINTENANCE_LAG) ? "lag" : "ok";
    }

    /**
     * The tokens of the tree's brackets.
     *
     * @return lag, status, version, ro or rw, binary log, extras; some may be empty
     */
    public List<String> tokens() {
        Optional<Instance> facts = member.facts();
        return List.of(
                lagText(),
                statusText(),
                facts.map(i -> i.version().text()).orElse(""),
                facts.map(i -> i.readOnly() ? "ro" : "rw").orElse(""),
                facts.map(i -> i.binlogEnabled() ? i.binlogFormat() : "nobinlog")
                        .orElse(""),
                String.join(",", extras()));
    }

    private List<String> extras() {
        List<String> extras = new ArrayList<>();
        member.facts().ifPresent(i -> {
            if (i.binlogEnabled() && i.logReplicaUpdates()) {
                extras.add(">>");
            }
            if (supportsOracleGtid(i)
                    || i.mainChannel().map(ReplicationChannel::usesGtid).orElse(false)) {
                extras.add(i.errantGtids().isEmpty() ? "GTID" : "GTID:errant");
            }
            if (i.semiSync().sourceActive()) {
                extras.add("semi:master");
            }
            if (i.semiSync().replicaActive()) {
                extras.add("semi:replica");
            }
        });
        if (downtime().isPresent()) {
            extras.add("downtimed");
        }
        return extras;
    }

    /**
     * Whether a server runs with Oracle's GTIDs.
     *
     * @param instance the server
     * @return true unless its gtid_mode is off or unknown
     */
    public static boolean supportsOracleGtid(Instance instance) {
        return !instance.gtidMode().isEmpty() && !instance.gtidMode().equals("OFF");
    }
}
