package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What has changed between two polls of one server. */
public final class FactChanges {
    private FactChanges() {}

    /**
     * Whether a poll brought something worth writing. Uptime grows at every poll; it is worth it only when it fell,
     * that is, when the server was restarted.
     *
     * @param written the facts written last, null for none
     * @param present the facts now, null for none
     * @return false when a reader of the written facts would learn nothing new
     */
    public static boolean worthWriting(@Nullable Instance written, @Nullable Instance present) {
        if (written == present) {
            return false;
        }
        if (written == null || present == null || present.uptime().compareTo(written.uptime()) < 0) {
            return true;
        }
        return !written.equals(present.toBuilder().uptime(written.uptime()).build());
    }

    /**
     * Whether a poll may have changed which cluster servers belong to, who is primary, or what a cluster is called.
     *
     * @param before the facts before, null for none
     * @param after the facts after, null for none
     * @return true when any of the facts that clusters are made from differs
     */
    public static boolean structural(@Nullable Instance before, @Nullable Instance after) {
        if (before == after) {
            return false;
        }
        return before == null || after == null || !sameStructure(before, after);
    }

    private static boolean sameStructure(Instance one, Instance other) {
        return one.serverUuid().equals(other.serverUuid())
                && sameLinks(one.channels(), other.channels())
                && one.readOnly() == other.readOnly()
                && one.superReadOnly() == other.superReadOnly()
                && Objects.equals(one.group(), other.group())
                && one.suggestedClusterAlias().equals(other.suggestedClusterAlias())
                && one.clusterDomain().equals(other.clusterDomain());
    }

    private static boolean sameLinks(List<ReplicationChannel> some, List<ReplicationChannel> others) {
        boolean same = some.size() == others.size();
        for (int i = 0; same && i < some.size(); i++) {
            ReplicationChannel one = some.get(i);
            ReplicationChannel other = others.get(i);
            same = one.name().equals(other.name())
                    && one.source().equals(other.source())
                    && Objects.equals(one.sourceUuid(), other.sourceUuid());
        }
        return same;
    }
}
