package dev.orchestrator.standalone.text;

import dev.orchestrator.api.Intents;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Topology;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The tree of a cluster as text, as the predecessor draws it: one line per instance, the replicas below their source.
 * Unlike there, every instance is drawn, whatever the shape of the cluster.
 */
public final class TopologyText {
    private TopologyText() {}

    /**
     * Draws the tree now.
     *
     * @param fleet the fleet
     * @param cluster the cluster
     * @param config the settings
     * @param intents what operators want
     * @return lines, without a newline at the end
     */
    public static String tree(Fleet fleet, Cluster cluster, OrchestratorConfig config, Intents intents) {
        return tree(fleet, cluster, config, intents, Instant.now());
    }

    /**
     * Draws the tree at a moment.
     *
     * @param fleet the fleet
     * @param cluster the cluster
     * @param config the settings
     * @param intents what operators want
     * @param now the moment
     * @return lines, without a newline at the end
     */
    public static String tree(Fleet fleet, Cluster cluster, OrchestratorConfig config, Intents intents, Instant now) {
        List<Line> lines = lines(fleet, cluster, config, intents, now);
        int width = lines.stream().mapToInt(l -> l.head().length()).max().orElse(0);
        return String.join(
                "\n",
                lines.stream()
                        .map(l -> padded(l.head(), width) + " ["
                                + String.join(
                                        ",",
                                        l.tokens().stream()
                                                .filter(t -> !t.isEmpty())
                                                .toList())
                                + "]")
                        .toList());
    }

    /**
     * Draws the tree in columns now.
     *
     * @param fleet the fleet
     * @param cluster the cluster
     * @param config the settings
     * @param intents what operators want
     * @return lines, without a newline at the end
     */
    public static String tabulated(Fleet fleet, Cluster cluster, OrchestratorConfig config, Intents intents) {
        return tabulated(fleet, cluster, config, intents, Instant.now());
    }

    /**
     * Draws the tree in columns at a moment.
     *
     * @param fleet the fleet
     * @param cluster the cluster
     * @param config the settings
     * @param intents what operators want
     * @param now the moment
     * @return lines, without a newline at the end
     */
    public static String tabulated(
            Fleet fleet, Cluster cluster, OrchestratorConfig config, Intents intents, Instant now) {
        List<Line> lines = lines(fleet, cluster, config, intents, now);
        int head = lines.stream().mapToInt(l -> l.head().length()).max().orElse(0);
        List<String> drawn = new ArrayList<>();
        for (Line line : lines) {
            StringBuilder text = new StringBuilder(padded(line.head(), head));
            for (int i = 0; i < line.tokens().size(); i++) {
                int column = i;
                int width = lines.stream()
                        .mapToInt(l -> l.tokens().get(column).length())
                        .max()
                        .orElse(0);
                String token = line.tokens().get(i);
                text.append('|').append(" ".repeat(width - token.length())).append(token);
            }
            drawn.add(text.toString());
        }
        return String.join("\n", drawn);
    }

    /**
     * The bracketed state of one instance now.
     *
     * @param fleet the fleet
     * @param member the instance
     * @param config the settings
     * @return such as {@code [0s,ok,8.0.31,rw,ROW,>>,GTID]}
     */
    public static String status(Fleet fleet, FleetMember member, OrchestratorConfig config) {
        InstanceView view = new InstanceView(fleet, member, config, Intents.NONE, Instant.now());
        return "["
                + String.join(
                        ",", view.tokens().stream().filter(t -> !t.isEmpty()).toList()) + "]";
    }

    private record Line(String head, List<String> tokens) {}

    private static List<Line> lines(
            Fleet fleet, Cluster cluster, OrchestratorConfig config, Intents intents, Instant now) {
        List<Line> lines = new ArrayList<>();
        for (Topology.Node root : fleet.topology(cluster).roots()) {
            // The predecessor draws co-primaries one level in, each with its own replicas.
            draw(root, root.coPrimary() ? 1 : 0, m -> new InstanceView(fleet, m, config, intents, now), lines);
        }
        return lines;
    }

    private static void draw(
            Topology.Node node,
            int depth,
            java.util.function.Function<FleetMember, InstanceView> viewer,
            List<Line> lines) {
        InstanceView view = viewer.apply(node.member());
        String mark = depth == 0 ? "" : "  ".repeat(depth - 1) + mark(view) + " ";
        lines.add(new Line(mark + node.member().key() + alias(node.member()), view.tokens()));
        node.replicas().stream()
                .sorted(Comparator.comparingInt(
                                (Topology.Node n) -> -n.replicas().size())
                        .thenComparing(n -> n.member().key(), Comparator.<InstanceKey>naturalOrder()))
                .forEach(replica -> draw(replica, depth + 1, viewer, lines));
    }

    private static String mark(InstanceView view) {
        boolean secondary = view.member()
                .facts()
                .map(i -> i.group())
                .filter(g -> g.memberRole().equals("SECONDARY"))
                .isPresent();
        if (secondary) {
            return "\u2021";
        }
        return view.isReplicating() && view.isLastCheckValid() && view.isRecentlyChecked() ? "+" : "-";
    }

    private static String alias(FleetMember member) {
        return member.facts()
                .map(i -> i.instanceAlias())
                .filter(a -> !a.isEmpty())
                .map(a -> " (" + a + ")")
                .orElse("");
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
