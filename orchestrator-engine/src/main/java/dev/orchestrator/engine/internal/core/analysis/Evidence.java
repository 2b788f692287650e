package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.SemiSyncState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes down what led to a finding, for people at night. */
final class Evidence {
    private static final int WITNESSES_TOLD = 20;

    private Evidence() {}

    static List<String> of(Situation situation, List<FleetMember> replicas, DetectionHistory history) {
        List<String> evidence = new ArrayList<>();
        FleetMember member = situation.member();
        ProbeFailure failure = member.failure();
        if (failure != null) {
            evidence.add(member.key() + (failure.serverAnswered() ? " answers but cannot be read" : " does not answer")
                    + " since " + member.failingSince() + ": " + failure.kind() + " (" + failure.message() + ")");
        }
        if (situation.isSilent()) {
            situation.witnesses().stream()
                    .limit(WITNESSES_TOLD)
                    .map(ReplicaReport::describe)
                    .forEach(evidence::add);
            addConclusion(situation, evidence);
        } else if (failure == null) {
            replicas.stream().limit(WITNESSES_TOLD).forEach(r -> addReplica(r, evidence));
            addSemiSync(situation, evidence);
        }
        addLeftovers(situation, evidence);
        addTests(member.key(), history, evidence);
        if (situation.superseded()) {
            evidence.add("another server has taken the place of " + member.key() + "; the primary of cluster "
                    + situation.cluster().alias() + " is " + situation.cluster().primary());
        }
        return evidence;
    }

    private static void addConclusion(Situation situation, List<String> evidence) {
        int more = situation.witnesses().size() - WITNESSES_TOLD;
        if (more > 0) {
            evidence.add("and " + more + " more replicas");
        }
        switch (situation.verdict()) {
            case WAITING -> evidence.add("waiting for fresh reads of " + keys(situation, SourceView.STALE));
            case CONTRADICTED ->
                evidence.add("not confirmed by "
                        + keys(situation, SourceView.REFUTES, SourceView.REFUSED, SourceView.CONNECTED));
            case IN_DOUBT ->
                evidence.add("not promoted automatically yet: the source may have refused "
                        + keys(situation, SourceView.IN_DOUBT)
                        + " before it failed for us; one receiver has to be tested");
            case NONE_WAS_CONNECTED ->
                evidence.add(
                        "nothing is promoted automatically: none of the replicas that can be read was connected to "
                                + situation.member().key()
                                + " shortly before it failed for us, so none can confirm that it is"
                                + " gone, and all of them may lack what it acknowledged since; see what keeps them from"
                                + " connecting");
            case NOBODY_TRIED ->
                evidence.add("no replica tries to reach its source, so none can confirm that it is gone");
            case ALL_UNREACHABLE -> evidence.add("no replica can be read: the fault may be on our side");
            case AGREED, NO_REPLICAS, NOT_ASKED -> {}
        }
    }

    private static String keys(Situation situation, SourceView... voices) {
        return situation.witnesses().stream()
                .filter(w -> List.of(voices).contains(w.voice()))
                .map(w -> w.replica().key().toString())
                .collect(Collectors.joining(" "));
    }

    private static void addReplica(FleetMember replica, List<String> evidence) {
        ProbeFailure failure = replica.failure();
        if (failure != null) {
            evidence.add("replica " + replica.key() + " cannot be read since " + replica.failingSince() + ": "
                    + failure.kind());
            return;
        }
        replica.facts().ifPresent(facts -> {
            facts.mainChannel()
                    .filter(c -> !isHealthy(c))
                    .ifPresent(c -> evidence.add("replica " + replica.key() + " (read at " + replica.lastSeen()
                            + "): receiver " + c.receiver() + ", applier " + c.applier() + errors(c)));
            addErrant(facts, evidence);
        });
    }

    private static void addErrant(Instance facts, List<String> evidence) {
        if (!facts.errantGtids().isEmpty()) {
            String gtids = facts.errantGtids().toString();
            evidence.add("replica " + facts.key() + " has transactions its source does not have: "
                    + (gtids.length() > 200 ? gtids.substring(0, 200) + "..." : gtids));
        }
    }

    private static boolean isHealthy(ReplicationChannel channel) {
        return switch (channel.receiver()) {
            case RUNNING ->
                switch (channel.applier()) {
                    case RUNNING -> true;
                    case NONE, STOPPED, CONNECTING -> false;
                };
            case NONE, STOPPED, CONNECTING -> false;
        };
    }

    private static String errors(ReplicationChannel channel) {
        String receiver = channel.lastReceiverErrno() == 0
                ? ""
                : ", receiver error " + channel.lastReceiverErrno() + " " + channel.lastReceiverError();
        String applier = channel.lastApplierErrno() == 0
                ? ""
                : ", applier error " + channel.lastApplierErrno() + " " + channel.lastApplierError();
        return receiver + applier;
    }

    private static void addSemiSync(Situation situation, List<String> evidence) {
        if (situation.isShortOfSemiSyncReplicas()) {
            SemiSyncState state = situation.facts().map(Instance::semiSync).orElse(SemiSyncState.UNAVAILABLE);
            evidence.add("commits wait for " + state.waitForReplicas() + " semi-sync replicas, " + state.clients()
                    + " are connected; the binary log stands still for " + situation.binlogStandsFor());
        }
    }

    private static void addLeftovers(Situation situation, List<String> evidence) {
        situation.facts().map(Instance::channels).orElse(List.of()).stream()
                .filter(ReplicationChannel::leftover)
                .forEach(c -> evidence.add("channel '" + c.name() + "' of "
                        + situation.member().key()
                        + " from " + c.source() + " is switched off and was left from before it became the primary; "
                        + "RESET REPLICA ALL removes it"));
    }

    private static void addTests(InstanceKey source, DetectionHistory history, List<String> evidence) {
        history.tests().stream()
                .filter(t -> t.source().equals(source))
                .map(t -> "receiver of " + t.replica() + " was restarted at " + t.at() + " and " + t.describe())
                .forEach(evidence::add);
        String note = history.notes().get(source);
        if (note != null) {
            evidence.add(note);
        }
    }
}
