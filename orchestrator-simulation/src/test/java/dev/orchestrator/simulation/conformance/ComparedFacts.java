package dev.orchestrator.simulation.conformance;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What polls read of all servers, a fact a line. Host, port and server_uuid are those of the real servers on both sides.
 *
 * <p>Left out, as nothing is decided by it or the simulation knows nothing of it:
 *
 * <ul>
 *   <li>uptime, ages, the number of a lag, {@code receiverTimeout}: time passes differently on both sides;
 *   <li>whether the lag is known beside a receiver that does not run: servers tell by positions that they write down now and
 *       then, and the engine asks for the lag of a replica that replicates only;
 *   <li>texts of errors, version comment, host name, server_id, row image, names and positions of logs;
 *   <li>the replicas that a server knows, and the number of its semi-sync clients: a source notices that a receiver has gone
 *       when it next sends to it, a row or a heartbeat;
 *   <li>what all held before the script began: relay logs of 5.7 remember it after a restart.
 * </ul>
 *
 * @param facts the lines
 */
record ComparedFacts(List<String> facts) {
    /** In what the other one differs: what only this one says, and what only that one says. */
    List<String> differencesFrom(ComparedFacts simulated) {
        List<String> differences = new ArrayList<>();
        simulated.facts.stream().filter(f -> !facts.contains(f)).forEach(f -> differences.add("simulated " + f));
        facts.stream().filter(f -> !simulated.facts.contains(f)).forEach(f -> differences.add("real      " + f));
        return differences;
    }

    /** Collects what is read. Not thread-safe. */
    static final class Builder {
        private final List<String> facts = new ArrayList<>();
        private final UnaryOperator<String> named;
        private final GtidSet before;

        /**
         * Nothing read yet.
         *
         * @param named names what is said by host, port or server_uuid
         * @param before what everybody held when the script began: it is not told again
         */
        Builder(UnaryOperator<String> named, GtidSet before) {
            this.named = named;
            this.before = before;
        }

        ComparedFacts build() {
            return new ComparedFacts(List.copyOf(facts));
        }

        private void fact(String of, String name, Object value) {
            facts.add(named.apply(of + ": " + name + " " + value));
        }

        Builder acknowledged(int writes) {
            facts.add("acknowledged writes " + writes);
            return this;
        }

        Builder silent(Member member, ProbeFailure.Kind why) {
            fact(member.toString(), "answers no poll:", why);
            return this;
        }

        Builder seen(Member member, Instance i) {
            String of = member.toString();
            fact(of, "is", i.serverUuid() + " " + i.reportHost() + ":" + i.reportPort());
            fact(of, "is of", i.version().majorVersion() + " " + i.version().flavor());
            fact(of, "read_only", i.readOnly() + " super_read_only " + i.superReadOnly());
            fact(of, "has super_read_only", i.superReadOnlySupported());
            fact(of, "logs", i.binlogEnabled() + " " + i.logReplicaUpdates() + " " + i.binlogFormat());
            fact(of, "binary log leaves out", i.binlogFilters());
            fact(of, "gtid_mode", i.gtidMode());
            fact(of, "executed", i.executedGtids().minus(before));
            fact(of, "purged", i.purgedGtids().minus(before));
            fact(of, "received", i.receivedGtids().minus(before));
            fact(of, "group", i.group() != null);
            fact(of, "limitations", i.limitations());
            semiSync(of, i.semiSync());
            i.channels().forEach(c -> channel(of + " channel '" + c.name() + "'", c, i.executedGtids()));
            return this;
        }

        private void semiSync(String of, SemiSyncState s) {
            fact(of, "semi-sync", s.available());
            if (s.available()) {
                fact(of, "semi-sync source", s.sourceEnabled() + " active " + s.sourceActive());
                fact(of, "semi-sync replica", s.replicaEnabled() + " active " + s.replicaActive());
                fact(of, "semi-sync waits for", s.waitForReplicas() + " within " + s.timeout());
            }
        }

        private void channel(String of, ReplicationChannel c, GtidSet executed) {
            fact(of, "source", c.source() + " of uuid " + c.sourceUuid() + ", detached " + c.detached());
            fact(of, "receiver", c.receiver() + " errno " + c.lastReceiverErrno());
            fact(of, "receiver's error has an age", c.receiverErrorAge() != null);
            fact(of, "applier", c.applier() + " errno " + c.lastApplierErrno());
            fact(of, "retrieved", c.retrievedGtids().minus(before));
            fact(of, "pending", c.retrievedGtids().minus(executed));
            if (c.receiver() == ReplicationThreadState.RUNNING) {
                fact(of, "lag is known", c.lag() != null);
            }
            fact(of, "auto position", c.autoPosition() + ", of MariaDB " + c.mariaDbGtid());
            fact(of, "delay", c.configuredDelay());
            fact(of, "filters", c.filters());
            fact(of, "user", c.user() + " " + c.credentialsStored());
        }
    }
}
