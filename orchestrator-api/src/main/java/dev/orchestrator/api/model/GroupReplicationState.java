package dev.orchestrator.api.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server's membership in a replication group.
 *
 * @param groupName the group's UUID
 * @param singlePrimary whether the group runs in single-primary mode
 * @param memberState the server's own state, such as {@code ONLINE}
 * @param memberRole the server's own role, such as {@code PRIMARY}
 * @param members all members this server knows, itself included
 * @param primary the primary this server sees; null when it sees none
 */
public record GroupReplicationState(
        String groupName,
        boolean singlePrimary,
        String memberState,
        String memberRole,
        List<InstanceKey> members,
        @Nullable InstanceKey primary) {
    /** Copies the members. */
    public GroupReplicationState {
        members = List.copyOf(members);
    }
}
