package dev.orchestrator.servlet.internal.http;

import static dev.orchestrator.servlet.internal.http.Route.read;

import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.LeaderElection.Leader;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.servlet.internal.json.Json;
import dev.orchestrator.servlet.internal.json.LiveJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the web page asks for every second: everything it shows, in one answer of our own shape. */
final class LiveRoutes {
    private static final int RECOVERIES = 10;
    private static final int WITH_STEPS = 3;

    private LiveRoutes() {}

    static List<Route> all() {
        return List.of(read("live", LiveRoutes::live));
    }

    private static Answer live(RouteCall call) {
        Orchestrator orchestrator = call.orchestrator();
        Optional<Leader> leader = orchestrator.leaderElection().leader();
        boolean leading = orchestrator.leaderElection().standing() == LeaderElection.Standing.LEADING;
        LiveJson live = new LiveJson(
                call.snapshot(), orchestrator.analyses(), recoveries(call), key -> orchestrator.lastDecision(key));
        return Answer.bare(Json.object(out -> {
            out.field("Node", Json.of(orchestrator.config().nodeName()));
            out.field("Leading", Json.of(leading));
            out.field("Leader", Json.of(leader.map(Leader::node).orElse("")));
            out.field("Epoch", Json.of(leader.map(Leader::epoch).orElse(0L)));
            out.field("Backend", Json.of(orchestrator.backendDescription()));
            live.writeTo(out);
        }));
    }

    private static List<LiveJson.Told> recoveries(RouteCall call) {
        List<LiveJson.Told> told = new ArrayList<>();
        for (RecoveryRecord recovery : call.orchestrator().recoveries().find(RecoveryFilter.all(0, RECOVERIES))) {
            boolean withSteps = told.size() < WITH_STEPS || recovery.isActive();
            told.add(new LiveJson.Told(
                    recovery, withSteps ? call.orchestrator().recoveries().steps(recovery.uid()) : List.of()));
        }
        return told;
    }
}
