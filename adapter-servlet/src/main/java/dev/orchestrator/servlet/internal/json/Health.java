package dev.orchestrator.servlet.internal.json;

import dev.orchestrator.api.LeaderElection.Leader;
import dev.orchestrator.api.Node;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How this node is, and what it knows of the others.
 *
 * @param hostname this node's name
 * @param leading whether it leads
 * @param leader who leads as the backend has it, null for nobody
 * @param nodes the nodes heard of lately
 */
public record Health(
        String hostname, boolean leading, @Nullable Leader leader, List<Node> nodes) {
    private static final DateTimeFormatter RFC3339 = DateTimeFormatter.ISO_OFFSET_DATE_TIME;

    /** Copies the nodes. */
    public Health {
        nodes = List.copyOf(nodes);
    }

    /**
     * The predecessor's shape HealthStatus. A node whose backend answers is healthy.
     *
     * @return the object
     */
    public Json json() {
        return Json.object(out -> out.bool("Healthy", true)
                .text("Hostname", hostname)
                .text("Token", named(hostname).map(Node::token).orElse(""))
                .bool("IsActiveNode", leading)
                .field("ActiveNode", node(active()))
                .field("Error", Json.NULL)
                .field("AvailableNodes", Json.list(nodes, Health::node))
                .text("RaftLeader", "")
                .bool("IsRaftLeader", false)
                .text("RaftLeaderURI", "")
                .text("RaftAdvertise", "")
                .field("RaftHealthyMembers", Json.NULL));
    }

    private Optional<Node> named(String name) {
        return nodes.stream().filter(n -> n.hostname().equals(name)).findFirst();
    }

    private @Nullable Node active() {
        if (leader == null) {
            return null;
        }
        Node known = named(leader.node())
                .orElse(new Node(leader.node(), "", "", "", "", leader.since(), leader.renewedAt()));
        return new Node(
                known.hostname(),
                known.token(),
                known.version(),
                known.command(),
                known.backend(),
                leader.since(),
                leader.renewedAt());
    }

    private static Json node(@Nullable Node n) {
        return Json.object(out -> out.text("Hostname", n == null ? "" : n.hostname())
                .text("Token", n == null ? "" : n.token())
                .text("AppVersion", n == null ? "" : n.version())
                .time("FirstSeenActive", n == null ? null : n.since())
                .time("LastSeenActive", n == null ? null : n.lastSeen())
                .text("ExtraInfo", "")
                .text("Command", n == null ? "" : n.command())
                .text("DBBackend", n == null ? "" : n.backend())
                .text(
                        "LastReported",
                        n == null
                                ? "0001-01-01T00:00:00Z"
                                : RFC3339.format(n.lastSeen().atOffset(ZoneOffset.UTC))));
    }
}
