package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.engine.internal.core.decision.DecisionNews;
import dev.orchestrator.engine.internal.shell.audit.AuditTrail;
import dev.orchestrator.engine.internal.shell.audit.EventSink;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of the automatic decisions about each instance what is news. Thread-safe. */
final class DecisionBook {
    private static final Logger log = LoggerFactory.getLogger(DecisionBook.class);

    private final EventSink events;
    private final AuditTrail trail;
    private final Actor self;
    private final InstantSource clock;
    // Guarded by its monitor.
    private final DecisionNews news = new DecisionNews();

    DecisionBook(EventSink events, AuditTrail trail, Actor self, InstantSource clock) {
        this.events = events;
        this.trail = trail;
        this.self = self;
        this.clock = clock;
    }

    Optional<Decision> last(InstanceKey key) {
        synchronized (news) {
            return news.last(key);
        }
    }

    /** Takes down a decision. */
    void record(InstanceKey key, String clusterName, Decision decision) {
        synchronized (news) {
            if (!news.isNews(key, decision)) {
                return;
            }
        }
        events.publish(new OrchestratorEvent.DecisionMade(clock.instant(), key, decision));
        decision.refusal().ifPresent(refusal -> tell(key, clusterName, refusal));
    }

    /** The problem of a server is gone: what is decided about its next one is told, whatever was told before. */
    void problemOver(InstanceKey key) {
        synchronized (news) {
            news.problemOver(key);
        }
    }

    private void tell(InstanceKey key, String clusterName, GateVerdict refusal) {
        log.atWarn()
                .addKeyValue("cluster", clusterName)
                .addKeyValue("instance", key)
                .addKeyValue("reason", refusal.refusal())
                .log("not recovered: {}", refusal.facts());
        auditRefusal(self, key, clusterName, refusal);
    }

    /** Writes down that a recovery was refused. */
    void auditRefusal(Actor actor, InstanceKey key, String clusterName, GateVerdict refusal) {
        audit(actor, key, clusterName, "recovery-refused", refusal.refusal() + ": " + refusal.facts());
    }

    /** Writes an audit entry. */
    void audit(Actor actor, InstanceKey key, String clusterName, String type, String message) {
        trail.record(new AuditEntry(0, null, type, key, clusterName, actor, message));
    }
}
