package dev.orchestrator.engine.internal.core.decision;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.decision.GateFacts.BackendFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The questions that stand before a recovery, in a fixed order. Each answers with what it saw; the first that refuses
 * ends the questioning. An operator's order is not held up by what configures the automatic recovery, by a downtime or by
 * the anti-flapping block, but always by another recovery and by locks.
 */
public final class RecoveryGates {
    /** How long a failed attempt blocks the next one; doubled by each further failure, up to the whole block period. */
    public static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(30);

    private static final String PLACE = "is its place still its own";

    private static final List<Gate> GATES = List.of(
            new Gate("is the instance known", false, RecoveryGates::known),
            new Gate("is there a problem that a recovery exists for", false, RecoveryGates::problem),
            new Gate("can the topology be recovered", false, RecoveryGates::topology),
            backend(PLACE, false, RecoveryGates::place),
            new Gate("is this node the leader", true, RecoveryGates::leader),
            new Gate("may this node act", true, RecoveryGates::observeOnly),
            new Gate("does the configuration allow automatic recovery", true, RecoveryGates::configuration),
            backend("are recoveries enabled", true, RecoveryGates::globalSwitch),
            new Gate("is the cluster configured for automatic recovery", true, RecoveryGates::clusterConfigured),
            backend("is the instance free of downtime", true, RecoveryGates::downtime),
            backend("is the cluster free of an anti-flapping block", true, RecoveryGates::antiFlapping),
            backend("is no other recovery of the cluster active", false, RecoveryGates::activeRecovery),
            backend("is no lock in the way", false, RecoveryGates::locks));

    private static final String BY_HAND =
            "; by hand: on the replica whose gtid_current_pos is the highest, wait until it has executed its relay log,"
                    + " STOP SLAVE, RESET SLAVE ALL, then set-writeable -i it; on the others STOP SLAVE, CHANGE MASTER TO"
                    + " it with MASTER_USE_GTID = slave_pos, START SLAVE; see that the dead one stays read-only when it"
                    + " returns";

    private RecoveryGates() {}

    /**
     * Asks the gates in their order.
     *
     * @param facts what they look at
     * @return their answers, up to and including the first refusal
     */
    public static List<GateVerdict> ask(GateFacts facts) {
        List<GateVerdict> verdicts = new ArrayList<>();
        for (Gate gate : GATES) {
            if (gate.automaticOnly && !facts.automatic()) {
                continue;
            }
            Answer answer = gate.question.apply(facts);
            if (answer == null) {
                continue;
            }
            verdicts.add(new GateVerdict(gate.name, answer.refusal, answer.facts));
            if (answer.refusal != null) {
                break;
            }
        }
        return List.copyOf(verdicts);
    }

    /**
     * Whether all gates let through.
     *
     * @param verdicts their answers
     * @return true when none refused
     */
    public static boolean passed(List<GateVerdict> verdicts) {
        return verdicts.stream().allMatch(GateVerdict::passed);
    }

    private static Answer known(GateFacts f) {
        return f.fleet()
                .member(f.instance())
                .map(m -> yes(m.key() + " is known"))
                .orElseGet(() -> no(
                        RefusalReason.UNKNOWN_INSTANCE,
                        f.instance() + " is not known; discover it first, or check its exact name"));
    }

    private static Answer problem(GateFacts f) {
        FailureAnalysis analysis = f.analysis();
        if (analysis == null || analysis.code() == AnalysisCode.NO_PROBLEM) {
            return no(RefusalReason.NO_PROBLEM, "nothing is found wrong with " + f.instance());
        }
        String found = analysis.code().description() + " (" + String.join("; ", analysis.evidence()) + ")";
        if (RecoveryType.recovering(analysis.code()).isPresent()) {
            return yes(found);
        }
        Optional<RecoveryType> type = RecoveryType.about(analysis.code());
        String what = analysis.instance() + ": " + found + "; "
                + Advice.about(analysis.code(), analysis.instance())
                        .orElseThrow()
                        .words();
        if (type.filter(t -> t.isUnconfirmed(analysis.code())).isPresent()) {
            return no(
                    RefusalReason.NOT_CONFIRMED,
                    "not confirmed that the " + type.get().role() + " is dead: " + what);
        }
        return type.isPresent()
                ? no(RefusalReason.NO_CANDIDATE, "there is no replica that could take over: " + what)
                : no(
                        RefusalReason.UNSUPPORTED_TOPOLOGY,
                        "there is no recovery for " + analysis.code().compatibleName() + ": " + what);
    }

    /**
     * The question that a finding meets first which is about a server that is nobody's primary any more.
     *
     * @param finding the finding
     * @param cluster its cluster
     * @return the refusal; empty when nobody has taken the server's place
     */
    public static Optional<GateVerdict> placeTaken(FailureAnalysis finding, Cluster cluster) {
        InstanceKey primary = cluster.primary();
        if (!finding.primary() || primary == null || primary.equals(finding.instance())) {
            return Optional.empty();
        }
        return Optional.of(new GateVerdict(
                PLACE,
                RefusalReason.SUPERSEDED,
                finding.instance() + ": " + finding.code().description() + "; the primary of cluster "
                        + cluster.alias() + " is " + primary
                        + "; expected: a former primary replicates from it, or is gone;"
                        + " next: let it replicate (relocate -i " + finding.instance() + " -d " + primary
                        + ", or rebuild it), or forget it"));
    }

    /**
     * By the fences, which another process may have written a moment ago: who leads would not know yet that a server that
     * was handed over, and dies then, is nobody's primary any more.
     */
    private static @Nullable Answer place(GateFacts f, BackendFacts b) {
        FailureAnalysis analysis = f.analysis();
        boolean promotes = analysis != null
                && RecoveryType.recovering(analysis.code())
                        .filter(RecoveryType::promotes)
                        .isPresent();
        if (!promotes) {
            return null;
        }
        InstanceKey key = f.fleet().canonical(f.instance());
        String uuid = f.fleet().instance(key).map(Instance::serverUuid).orElse("");
        return b.fences().stream()
                .filter(fence -> uuid.isEmpty() ? fence.instance().equals(key) : uuid.equals(fence.serverUuid()))
                .findFirst()
                .map(fence -> no(
                        RefusalReason.SUPERSEDED,
                        key + " must stay read-only since " + fence.since() + ", when " + fence.successor()
                                + " took over from it in recovery " + fence.recoveryUid()
                                + "; next: let what still replicates from it replicate from " + fence.successor()
                                + ", or free it if it is the primary again (lift-fence -i " + key + ")"))
                .orElseGet(() -> yes("nobody has taken the place of " + key));
    }

    private static Answer topology(GateFacts f) {
        if (f.fleet().instance(f.instance()).map(Instance::group).orElse(null) != null) {
            return no(RefusalReason.UNSUPPORTED_TOPOLOGY, f.instance() + " is a member of a replication group");
        }
        List<Instance> reachable = f.fleet().replicasOf(f.instance()).stream()
                .filter(FleetMember::isReachable)
                .flatMap(m -> m.facts().stream())
                .toList();
        List<Instance> byGtid =
                reachable.stream().filter(Instance::usesOracleGtid).toList();
        if (reachable.isEmpty()) {
            return no(RefusalReason.NO_CANDIDATE, "no replica of " + f.instance() + " answers");
        }
        if (byGtid.isEmpty()) {
            return no(
                    RefusalReason.UNSUPPORTED_TOPOLOGY,
                    "no reachable replica uses GTID auto-position, which a recovery needs: "
                            + reachable.stream().map(RecoveryGates::withoutGtid).collect(Collectors.joining(", "))
                            + (reachable.stream().anyMatch(RecoveryGates::isMariaDb) ? BY_HAND : ""));
        }
        return yes(byGtid.size() + " of " + reachable.size() + " reachable replicas use GTID auto-position");
    }

    private static boolean isMariaDb(Instance instance) {
        return instance.version().flavor() == ServerVersion.Flavor.MARIADB;
    }

    private static String withoutGtid(Instance instance) {
        return isMariaDb(instance)
                ? instance.key() + " is a MariaDB server"
                : instance.key() + " has gtid_mode " + orUnknown(instance.gtidMode());
    }

    private static String orUnknown(String mode) {
        return mode.isEmpty() ? "unknown" : mode;
    }

    private static Answer leader(GateFacts f) {
        return f.leading()
                ? yes("this node leads")
                : no(RefusalReason.NOT_LEADER, "this node does not lead; the leader decides");
    }

    private static Answer observeOnly(GateFacts f) {
        return f.config().observeOnly()
                ? no(RefusalReason.OBSERVE_ONLY, "this node is configured to observe only")
                : yes("this node may act");
    }

    private static Answer configuration(GateFacts f) {
        List<String> keys = f.config().recoveryForbiddenBy();
        return keys.isEmpty()
                ? yes("nothing in the configuration forbids it")
                : no(
                        RefusalReason.DISABLED_BY_CONFIGURATION,
                        "automatic recovery is off because these settings are not honoured yet: "
                                + String.join(", ", keys));
    }

    private static Answer globalSwitch(GateFacts f, BackendFacts b) {
        return b.intents().recoveriesEnabled()
                ? yes("recoveries are enabled")
                : no(RefusalReason.GLOBALLY_DISABLED, "recoveries are disabled by the global switch");
    }

    private static Answer clusterConfigured(GateFacts f) {
        Optional<Cluster> cluster =
                f.fleet().member(f.instance()).flatMap(m -> f.fleet().cluster(m.cluster()));
        RecoveryType type = Optional.ofNullable(f.analysis())
                .flatMap(a -> RecoveryType.about(a.code()))
                .orElse(RecoveryType.DEAD_PRIMARY);
        List<String> filters = type.filters(f.config());
        String named = cluster.map(c -> c.alias().equals(c.name()) ? c.name() : c.name() + " (" + c.alias() + ")")
                .orElse("of " + f.instance());
        return cluster.flatMap(c -> ConfiguredClusters.naming(filters, c))
                .map(filter -> yes("cluster " + named + " is named by the filter '" + filter + "'"))
                .orElseGet(() -> no(
                        RefusalReason.CLUSTER_NOT_CONFIGURED,
                        "cluster " + named + " is named by none of the " + type.role() + " recovery filters "
                                + filters));
    }

    private static Answer downtime(GateFacts f, BackendFacts b) {
        return b.intents()
                .downtime(f.fleet().canonical(f.instance()))
                .or(() -> b.intents().downtime(f.instance()))
                .map(d -> no(
                        RefusalReason.DOWNTIMED,
                        f.instance() + " is in downtime until " + d.end() + " by " + d.owner() + ": " + d.reason()))
                .orElseGet(() -> yes("no downtime"));
    }

    /** Any of them may block the longest: one that failed blocks for a shorter time than an earlier one that promoted. */
    private static Answer antiFlapping(GateFacts f, BackendFacts b) {
        return b.blocking().stream()
                .filter(r -> r.endedAt() != null)
                .max(Comparator.comparing(r -> blockedUntil(f, b, r)))
                .map(r -> antiFlapping(f, b, r))
                .orElseGet(() -> yes("no recent recovery that was not acknowledged"));
    }

    private static Answer antiFlapping(GateFacts f, BackendFacts b, RecoveryRecord last) {
        Instant until = blockedUntil(f, b, last);
        String what = (last.successful() ? "a recovery of " : "a failed recovery of ") + last.failed() + " ended at "
                + last.endedAt() + " (" + last.uid() + ")";
        return f.now().isBefore(until)
                ? no(RefusalReason.ANTI_FLAPPING, what + " and was not acknowledged; it blocks until " + until)
                : yes(what + ", long enough ago");
    }

    private static Instant blockedUntil(GateFacts f, BackendFacts b, RecoveryRecord ended) {
        Duration period = ended.successful() ? f.config().recoveryBlockPeriod() : pause(f, b.failedAttempts());
        return Objects.requireNonNull(ended.endedAt()).plus(period);
    }

    /** A failed attempt promoted nobody, so it is no flapping: it may be tried again, at growing distances. */
    private static Duration pause(GateFacts f, int failedAttempts) {
        Duration longest = f.config().recoveryBlockPeriod();
        int doublings = Math.min(Math.max(failedAttempts - 1, 0), 20);
        Duration pause = PAUSE_AFTER_FAILURE.multipliedBy(1L << doublings);
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    private static Answer activeRecovery(GateFacts f, BackendFacts b) {
        RecoveryRecord active = b.active();
        return active == null
                ? yes("no recovery is under way")
                : no(
                        RefusalReason.RECOVERY_ACTIVE,
                        "recovery " + active.uid() + " of " + active.failed() + " is under way since "
                                + active.startedAt() + " by " + active.actor());
    }

    private static Answer locks(GateFacts f, BackendFacts b) {
        return b.lock() == null
                ? yes("no lock stands in the way")
                : no(RefusalReason.LOCKED, LockWords.describe(b.lock()));
    }

    private static Answer yes(String facts) {
        return new Answer(null, facts);
    }

    private static Answer no(RefusalReason reason, String facts) {
        return new Answer(reason, facts);
    }

    private static Gate backend(
            String name, boolean automaticOnly, BiFunction<GateFacts, BackendFacts, @Nullable Answer> question) {
        return new Gate(name, automaticOnly, facts -> {
            BackendFacts said = facts.backend();
            return said == null ? null : question.apply(facts, said);
        });
    }

    private record Gate(String name, boolean automaticOnly, Function<GateFacts, @Nullable Answer> question) {}

    private record Answer(@Nullable RefusalReason refusal, String facts) {}
}
