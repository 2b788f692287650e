package dev.orchestrator.simulation;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.simulation.node.SimulatedService;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What must hold in a world, always or at its end. */
final class Invariants {
    /** A fence command may be on its way so long: until then its server is not expected to have it. */
    private static final Duration FENCED_WITHIN = Duration.ofSeconds(3);

    private static final Pattern GTIDS =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(:[0-9]+(-[0-9]+)?)+");

    private final Schedule world;
    private final HandOvers handOvers;
    private final Received received;
    private final Readiness readiness;
    private final Orphans orphans;
    private final RefusalOracle oracle;
    private final Filtered filtered;
    private final Healthy healthy;
    private final PutBackCheck putBack;
    private final Downtimed downtimed;
    private final Map<InstanceKey, Told> told = new HashMap<>();
    private List<SimulatedServer> writers = List.of();
    private long writersSince;
    private long changesSeen = -1;

    Invariants(Schedule world, Duration faultsEnd) {
        this.world = world;
        this.handOvers = new HandOvers(world);
        this.received = new Received(world);
        this.readiness = new Readiness(world);
        this.orphans = new Orphans(world);
        this.oracle = new RefusalOracle(world, faultsEnd);
        this.filtered = new Filtered(world);
        this.healthy = new Healthy(world);
        this.putBack = new PutBackCheck(world);
        this.downtimed = new Downtimed(world);
        new Living(world);
        new CommandChecks(world, readiness);
    }

    /** An order names who is to take over. */
    void named(InstanceKey successor) {
        filtered.named(successor);
    }

    void promoted(InstanceKey primary) {
        handOvers.promoted(primary);
        received.promoted(primary);
        healthy.promoted(primary);
    }

    /** Somebody orders something; returns what is to be done when the outcome is told. */
    Runnable ordered() {
        return readiness.ordered();
    }

    void ended(State state) {
        readiness.ended(state);
        received.ended(state);
        orphans.ended(state);
        healthy.ended(state);
        putBack.ended(state);
    }

    /** Something goes wrong. */
    void disturbed() {
        received.disturbed();
        orphans.disturbed();
        healthy.disturbed();
    }

    void began(SimulatedService node, RecoveryRecord record, boolean resumed) {
        received.began(node, record);
        orphans.began(node, record, resumed);
        healthy.began(node, record, resumed);
        downtimed.began(record, resumed);
    }

    /** A recovery begins or goes on, of whatever cluster. */
    void oneIsActive() {
        Map<ClusterId, Long> active = world.backend().rows().recoveries().stream()
                .filter(RecoveryRecord::isActive)
                .collect(Collectors.groupingBy(RecoveryRecord::cluster, Collectors.counting()));
        active.forEach((cluster, count) -> check(count <= 1, count + " active recoveries of cluster " + cluster));
    }

    void refused(Decision decision, GateVerdict refusal) {
        handOvers.refused(refusal);
        oracle.judge(decision, refusal);
    }

    /** Somebody was told why nothing is done about a server; that holds as long as the finding stands. */
    void explained(FailureAnalysis finding, @Nullable RefusalReason reason) {
        told.put(finding.instance(), new Told(finding.code(), reason));
    }

    private record Told(AnalysisCode code, @Nullable RefusalReason reason) {}

    /** What leading services find now and have said why nothing is done about it. */
    private List<FailureAnalysis> explained() {
        return world.nodes().stream()
                .filter(SimulatedService::leads)
                .flatMap(n -> n.findings().stream())
                .filter(f -> reasonOf(f) != null)
                // Of other clusters nothing is expected.
                .filter(f -> !world.servers().isOutside(f.instance()))
                .toList();
    }

    private @Nullable Told reasonOf(FailureAnalysis finding) {
        Told said = told.get(finding.instance());
        return said != null && said.code() == finding.code() ? said : null;
    }

    /** That a cluster has no writer is said of its primary, or of whoever may be dead and is not confirmed to be. */
    private boolean isWriterless(FailureAnalysis finding) {
        Told said = reasonOf(finding);
        return said != null
                && said.reason() != RefusalReason.SUPERSEDED
                && said.reason() != RefusalReason.FENCED
                && (finding.primary()
                        || said.reason() == RefusalReason.NOT_CONFIRMED
                        || (finding.coPrimary() && handOvers.wasGivenUp(finding.instance())));
    }

    void afterEachEvent() {
        long now = world.events().now();
        if (world.servers().changes() != changesSeen) {
            changesSeen = world.servers().changes();
            List<SimulatedServer> writing = world.servers().all().stream()
                    .filter(SimulatedServer::takesWrites)
                    .toList();
            // Whatever else changes, those who take writes beside each other go on doing so.
            writersSince = writing.equals(writers) ? writersSince : now;
            writers = writing;
        }
        if (writers.size() < 2) {
            return;
        }
        if (!writers.stream().allMatch(this::canBeFenced) || handOvers.isHeldByVanished()) {
            writersSince = now;
        } else if (now - writersSince >= FENCED_WITHIN.toNanos()) {
            String who = writers.stream().map(s -> s.key().toString()).collect(Collectors.joining(" and "));
            throw new Violation(who + " take writes for more than " + FENCED_WITHIN.toSeconds() + " s");
        }
    }

    /** Some service that leads could send it a command, and hear the backend. */
    private boolean canBeFenced(SimulatedServer server) {
        return world.nodes().stream()
                .anyMatch(n -> n.leads()
                        && !world.network()
                                .isCut(n.process().name(), server.key().hostname())
                        && !world.network().isCut(n.process().name(), "backend")
                        && !world.network().isCut("backend", n.process().name()));
    }

    boolean isConverged() {
        boolean under = world.backend().rows().recoveries().stream().anyMatch(RecoveryRecord::isActive);
        if (under) {
            return false;
        }
        // Somebody may be promoted yet where nobody takes writes: that it was refused counts at the end.
        return world.with(Running.UP).stream().anyMatch(s -> !s.isReadOnly())
                && problems().isEmpty();
    }

    /** Why the world is not as it should be at the end. */
    private List<String> problems() {
        List<String> problems = new ArrayList<>(handOvers.problems());
        problems.addAll(world.neighbour().problems());
        problems.addAll(world.chores().errands().cancels().problems());
        world.backend().rows().locks().active(world.backend().now()).stream()
                .filter(l -> !l.isByHand())
                .forEach(l -> problems.add("still locked: " + l.instance() + " (" + l.reason() + ")"));
        List<SimulatedServer> up = world.with(Running.UP);
        List<SimulatedServer> writers = up.stream().filter(s -> !s.isReadOnly()).toList();
        List<FailureAnalysis> explained = explained();
        if (writers.isEmpty() && explained.stream().anyMatch(this::isWriterless)) {
            return problems;
        }
        if (writers.size() != 1) {
            problems.add(
                    "writable: " + writers.stream().map(s -> s.key().toString()).toList());
            return problems;
        }
        SimulatedServer primary = writers.get(0);
        if (world.backend().rows().fences().stream().anyMatch(f -> f.instance().equals(primary.key()))
                && !world.rebuilders().hasDeadRival(primary)) {
            problems.add(primary.key() + " takes writes under a fence");
        }
        Set<InstanceKey> fenced = new HashSet<>();
        for (Fence fence : world.backend().rows().fences()) {
            fenced.add(fence.instance());
        }
        for (SimulatedServer server : up) {
            if (server == primary || fenced.contains(server.key())) {
                continue;
            }
            if (!server.replicatesFrom(up)
                    && !isNamed(server.key(), explained)
                    && !server.replication().wasLeftStopped()
                    && !world.ailments().isPurgeShown(server)
                    && !handOvers.isOrderedToStand(server)) {
                problems.add(server.key() + " does not replicate from a living server");
            }
            if (server.replication().isBroken()
                    && !isNamed(server.key(), explained)
                    && !world.ailments().isShown(server)) {
                problems.add(server.key() + " cannot execute what its source sends, and nobody says so");
            }
        }
        problems.addAll(world.wiring().problems());
        problems.addAll(world.ailments().problems());
        return problems;
    }

    /** A finding or the record of a recovery says that it does not follow, and why: an operator knows what to do. */
    private boolean isNamed(InstanceKey key, List<FailureAnalysis> explained) {
        return explained.stream()
                        .anyMatch(f -> f.instance().equals(key) || f.replicas().contains(key))
                || world.backend().rows().recoveries().stream()
                        .anyMatch(r -> r.lostReplicas().contains(key)
                                || r.errors().stream().anyMatch(e -> e.contains(key.toString())));
    }

    void atTheEnd() {
        boolean active = world.backend().rows().recoveries().stream().anyMatch(RecoveryRecord::isActive);
        List<String> problems = problems();
        if (active) {
            problems = new ArrayList<>(problems);
            problems.add("a recovery is still active");
        }
        if (!problems.isEmpty()) {
            throw Violation.notConverged(problems);
        }
        oracle.atTheEnd();
        nothingLost();
    }

    private void nothingLost() {
        SimulatedServer primary = world.with(Running.UP).stream()
                .filter(s -> !s.isReadOnly())
                .findFirst()
                .orElse(null);
        if (primary == null) {
            return;
        }
        GtidSet named = GtidSet.empty();
        boolean unknown = false;
        // Two failures at once: who acknowledged it was restarted with relay_log_recovery while its source was gone.
        for (SimulatedServer server : world.servers().all()) {
            named = named.union(server.replication().dropped());
        }
        for (RecoveryRecord record : world.recoveries()) {
            named = record.lostGtids() == null ? named : named.union(record.lostGtids());
            unknown |= record.successful() && record.type() != RecoveryType.SWITCHOVER;
            for (String error : record.errors()) {
                named = named.union(gtidsIn(error));
            }
        }
        filtered.check(primary);
        named = named.union(world.rebuilders().lost());
        GtidSet held = primary.held();
        handOvers.check(held, named);
        boolean semiSync = world.servers().all().iterator().next().settings().semiSyncSource();
        for (Writer.Acknowledged write : world.writer().acknowledged()) {
            boolean there =
                    write.gtid().isSubsetOf(held) || write.gtid().isSubsetOf(named) || isReportedLost(write.server());
            boolean waited =
                    semiSync && world.servers().get(write.server()).settings().waitsForEver();
            if (!there && (waited || !unknown) && !diedWithAllItsHolders(write, primary)) {
                throw new Violation("lost: " + write.gtid() + ", acknowledged by " + write.server() + ", and "
                        + primary.key() + " is the primary");
            }
        }
    }

    /** Failures at once: the primary is down, and with it as many servers as its commits waited for. */
    private boolean diedWithAllItsHolders(Writer.Acknowledged write, SimulatedServer primary) {
        List<SimulatedServer> holders = world.servers().all().stream()
                .filter(s -> write.gtid().isSubsetOf(s.held()))
                .toList();
        return holders.size() > Math.max(1, primary.settings().waitForReplicas())
                && holders.stream().noneMatch(world.with(Running.UP)::contains);
    }

    /** A record says that what was written to a successor that died may be lost. */
    private boolean isReportedLost(InstanceKey server) {
        return world.backend().rows().recoveries().stream()
                .flatMap(r -> r.errors().stream())
                .anyMatch(e -> e.startsWith(server + " was to take over") && e.contains("may be lost"));
    }

    static GtidSet gtidsIn(String text) {
        GtidSet all = GtidSet.empty();
        Matcher matcher = GTIDS.matcher(text);
        while (matcher.find()) {
            all = all.union(GtidSet.parse(matcher.group()));
        }
        return all;
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new Violation(otherwise);
        }
    }
}
