package dev.orchestrator.servlet.internal.http;

import static dev.orchestrator.servlet.internal.http.Route.order;
import static dev.orchestrator.servlet.internal.http.Route.read;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.servlet.internal.json.InstanceShape;
import dev.orchestrator.servlet.internal.json.Json;
import dev.orchestrator.servlet.internal.json.JsonOut;
import dev.orchestrator.servlet.internal.json.RecordsJson;
import dev.orchestrator.standalone.text.Durations;
import dev.orchestrator.standalone.text.InstanceNames;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Discovering and forgetting instances, maintenance, downtime and promotion rules. */
final class InstanceRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceRoutes.class);

    private InstanceRoutes() {}

    static List<Route> all() {
        return List.of(
                order("discover/:host/:port", InstanceRoutes::discover),
                order("async-discover/:host/:port", InstanceRoutes::discoverLater),
                order("refresh/:host/:port", InstanceRoutes::refresh),
                order("forget/:host/:port", InstanceRoutes::forget),
                order("forget-cluster/:clusterHint", InstanceRoutes::forgetCluster),
                order("begin-maintenance/:host/:port/:owner/:reason", InstanceRoutes::beginMaintenance),
                order("end-maintenance/:host/:port", InstanceRoutes::endMaintenance),
                order("end-maintenance/:maintenanceKey", InstanceRoutes::endMaintenanceById),
                read("in-maintenance/:host/:port", InstanceRoutes::inMaintenance),
                read("maintenance", c -> Answer.bare(Json.list(maintenance(c), RecordsJson::maintenance))),
                order("begin-downtime/:host/:port/:owner/:reason", InstanceRoutes::beginDowntime),
                order("begin-downtime/:host/:port/:owner/:reason/:duration", InstanceRoutes::beginDowntime),
                order("end-downtime/:host/:port", InstanceRoutes::endDowntime),
                order("register-candidate/:host/:port/:promotionRule", InstanceRoutes::registerCandidate));
    }

    private static Answer discover(RouteCall call) {
        FleetMember seen = call.orchestrator().discover(call.key(), call.actor());
        // The snapshot after discovery: the call has read none yet.
        return Answer.ok("Instance discovered: " + seen.key(), InstanceShape.of(call.snapshot(), known(call, seen)));
    }

    private static FleetMember known(RouteCall call, FleetMember seen) {
        return call.fleet().member(seen.key()).orElse(seen);
    }

    private static Answer discoverLater(RouteCall call) {
        InstanceKey key = call.key();
        Actor actor = call.actor();
        Thread thread = new Thread(() -> discoverNow(call, key, actor), "orc-async-discover");
        thread.setDaemon(true);
        thread.start();
        return Answer.ok("Asynchronous discovery initiated for Instance: " + key);
    }

    private static void discoverNow(RouteCall call, InstanceKey key, Actor actor) {
        try {
            call.orchestrator().discover(key, actor);
        } catch (OrchestratorException e) {
            LOG.atWarn()
                    .addKeyValue("instance", key)
                    .addKeyValue("reason", e.getMessage())
                    .log("asynchronous discovery failed");
        }
    }

    private static Answer refresh(RouteCall call) {
        FleetMember member = call.exactInstance();
        call.orchestrator().discover(member.key(), call.actor());
        return Answer.ok("Instance refreshed: " + member.key(), JsonOut.key(member.key()));
    }

    private static Answer forget(RouteCall call) {
        InstanceKey key = call.key();
        if (!call.orchestrator().forget(key, call.actor())) {
            throw InstanceNames.unknown(call.fleet(), key);
        }
        return Answer.ok("Instance forgotten: " + key, JsonOut.key(key));
    }

    private static Answer forgetCluster(RouteCall call) {
        var cluster = call.exactCluster("clusterHint");
        call.fleet().membersOf(cluster.id()).forEach(m -> call.orchestrator().forget(m.key(), call.actor()));
        return Answer.ok("Cluster forgotten: " + cluster.name());
    }

    private static Answer beginMaintenance(RouteCall call) {
        InstanceKey key = call.exactInstance().key();
        try {
            call.orchestrator()
                    .maintenance()
                    .begin(
                            key,
                            call.actor(),
                            call.text("reason"),
                            call.orchestrator().config().maintenanceDuration());
        } catch (OrchestratorException e) {
            if (e.code() != ErrorCode.LOCKED) {
                throw e;
            }
            return Answer.error(String.valueOf(e.getMessage()), Json.of(0));
        }
        return Answer.ok("Maintenance begun: " + key, JsonOut.key(key));
    }

    private static Answer endMaintenance(RouteCall call) {
        InstanceKey key = call.exactInstance().key();
        Optional<LockInfo> ended = call.orchestrator().maintenance().end(key, call.actor());
        return Answer.ok(
                ended.isPresent() ? "Maintenance ended: " + key : "Instance is not in maintenance: " + key,
                JsonOut.key(key));
    }

    /** A server that only serves as a source, whose lock is a shared one, is not in maintenance. */
    private static List<LockInfo> maintenance(RouteCall call) {
        return call.orchestrator().maintenance().active().stream()
                .filter(l -> !l.shared())
                .toList();
    }

    private static Answer endMaintenanceById(RouteCall call) {
        long id = call.number("maintenanceKey");
        LockInfo lock = maintenance(call).stream()
                .filter(l -> l.id() == id)
                .findFirst()
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.INVALID_INPUT, "there is no active maintenance with the number " + id));
        call.orchestrator().maintenance().end(lock.instance(), call.actor());
        return Answer.ok("Maintenance ended: " + id, Json.of(id));
    }

    private static Answer inMaintenance(RouteCall call) {
        InstanceKey key = call.instanceForReading().key();
        boolean locked = call.orchestrator().maintenance().find(key).isPresent();
        return Answer.ok(String.valueOf(locked), Json.of(locked ? key.toString() : ""));
    }

    private static Answer beginDowntime(RouteCall call) {
        FleetMember member = call.exactInstance();
        call.orchestrator()
                .downtimes()
                .begin(
                        member.key(),
                        call.actor(),
                        call.text("reason"),
                        call.has("duration") ? Durations.parse(call.text("duration")) : null);
        return Answer.ok("Downtime begun: " + member.key(), JsonOut.key(member.key()));
    }

    private static Answer endDowntime(RouteCall call) {
        FleetMember member = call.exactInstance();
        call.orchestrator().downtimes().end(member.key(), call.actor());
        return Answer.ok("Downtime ended: " + member.key(), JsonOut.key(member.key()));
    }

    private static Answer registerCandidate(RouteCall call) {
        FleetMember member = call.exactInstance();
        PromotionRule rule;
        try {
            rule = PromotionRule.parse(call.text("promotionRule"));
        } catch (IllegalArgumentException e) {
            throw new OrchestratorException(ErrorCode.INVALID_INPUT, String.valueOf(e.getMessage()), e);
        }
        call.orchestrator().promotionRules().set(member.key(), rule, call.actor());
        return Answer.ok("Registered candidate", JsonOut.key(member.key()));
    }
}
