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
record OptionFile(
        boolean readOnly,
        boolean skipsReplicaStart,
        boolean recoversRelayLogs,
        List<String> filters,
        Optional<SemiSync> semiSync) {
    static OptionFile of(Member member) {
        return new OptionFile(member != Member.DB1, false, false, List.of(), Optional.empty());
    }

    OptionFile skippingReplicaStart() {
        return new OptionFile(readOnly, true, recoversRelayLogs, filters, semiSync);
    }

    OptionFile recoveringRelayLogs() {
        return new OptionFile(readOnly, skipsReplicaStart, true, filters, semiSync);
    }

    OptionFile filtering(String filter) {
        List<String> more = new ArrayList<>(filters);
        more.add(filter);
        return new OptionFile(readOnly, skipsReplicaStart, recoversRelayLogs, List.copyOf(more), semiSync);
    }

    OptionFile withSemiSync(SemiSync value) {
        return new OptionFile(readOnly, skipsReplicaStart, recoversRelayLogs, filters, Optional.of(value));
    }
}
