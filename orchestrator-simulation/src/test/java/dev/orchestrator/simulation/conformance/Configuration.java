package dev.orchestrator.simulation.conformance;

import dev.orchestrator.testkit.server.SemiSync;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the configuration file of a server says.
 *
 * @param readOnly whether it is read-only after a start
 * @param skipsReplicaStart whether replication does not start by itself
 * @param recoversRelayLogs whether it throws away at a start what it has received and not executed
 * @param filters options of replication filters, of channels or of the binary log
 * @param semiSync when it takes part in semi-sync: as a source where it is not read-only after a start
 */
record Configuration(
        boolean readOnly,
        boolean skipsReplicaStart,
        boolean recoversRelayLogs,
        List<String> filters,
        Optional<SemiSync> semiSync) {
    static Configuration of(Member member) {
        return new Configuration(member != Member.DB1, false, false, List.of(), Optional.empty());
    }

    Configuration skippingReplicaStart() {
        return new Configuration(readOnly, true, recoversRelayLogs, filters, semiSync);
    }

    Configuration recoveringRelayLogs() {
        return new Configuration(readOnly, skipsReplicaStart, true, filters, semiSync);
    }

    Configuration filtering(String filter) {
        List<String> more = new ArrayList<>(filters);
        more.add(filter);
        return new Configuration(readOnly, skipsReplicaStart, recoversRelayLogs, List.copyOf(more), semiSync);
    }

    Configuration withSemiSync(SemiSync value) {
        return new Configuration(readOnly, skipsReplicaStart, recoversRelayLogs, filters, Optional.of(value));
    }
}
