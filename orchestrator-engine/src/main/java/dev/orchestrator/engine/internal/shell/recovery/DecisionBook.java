package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.engine.internal.shell.audit.AuditTrail;
import dev.orchestrator.engine.internal.shell.audit.EventSink;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last automatic decision about each instance. Told once when the answer changes, not each time it is given. */
final class DecisionBook {
    private static final Logger log = LoggerFactory.getLogger(DecisionBook.class);

    private final EventSink events;
    private final AuditTrail trail;
    private final Actor self;
    private final InstantSource clock;
    private final Map<InstanceKey, Decision> last = new ConcurrentHashMap<>();
    // What the last decision was about is over: the next one is news, whatever it says.
    private final Set<InstanceKey> over = ConcurrentHashMap.newKeySet();

    DecisionBook(EventSink events, AuditTrail trail, Actor self, InstantSource clock) {
        this.events = events;
        this.trail = trail;
        this.self = self;
        this.clock = clock;
    }

    Optional<Decision> last(InstanceKey key) {
        return Optional.ofNullable(last.get(key));
    }

    /** Takes down a decision. A refusal is told when the reason changes; going ahead is told each time. */
    void record(InstanceKey key, String clusterName, Decision decision) {
        Decision before = last.put(key, decision);
        boolean news = over.remove(key);
        if (before != null
                && !news
                && decision.refusal().isPresent()
                && answer(before).equals(answer(decision))) {
            return;
        }
        events.publish(new OrchestratorEvent.DecisionMade(clock.instant(), key, decision));
        decision.refusal().ifPresent(refusal -> tell(key, clusterName, refusal));
    }

    /** The problem of a server is gone: what is decided about its next one is told, whatever was told before. */
    void problemOver(InstanceKey key) {
        if (last.containsKey(key)) {
            over.add(key);
        }
    }

    private void tell(InstanceKey key, String clusterName, GateVerdict refusal) {
        log.atWarn()
                .addKeyValue("cluster", clusterName)
                .addKeyValue("instance", key)
                .addKeyValue("reason", refusal.refusal())
                .log("not recovered: {}", refusal.facts());
        audit(self, key, clusterName, "recovery-refused", refusal.refusal() + ": " + refusal.facts());
    }

    /** Writes an audit entry. */
    void audit(Actor actor, InstanceKey key, String clusterName, String type, String message) {
        trail.record(new AuditEntry(0, null, type, key, clusterName, actor, message));
    }

    /** The same reason at the same gate is the same answer, whatever the facts say in passing. */
    private static String answer(Decision decision) {
        return (decision.analysis() == null ? "" : decision.analysis().code().name())
                + decision.refusal().map(v -> v.gate() + v.refusal()).orElse("go");
    }
}
