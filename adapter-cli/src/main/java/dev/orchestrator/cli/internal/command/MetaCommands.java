package dev.orchestrator.cli.internal.command;

import static dev.orchestrator.cli.internal.command.Command.once;

import dev.orchestrator.standalone.text.Timestamps;
import java.time.Duration;
import java.util.List;

/** Commands about the orchestrator itself. */
final class MetaCommands {
    private static final String SECTION = "Meta";
    private static final Duration ALIVE_WITHIN = Duration.ofSeconds(10);

    private MetaCommands() {}

    static List<Command> all() {
        return List.of(
                once(SECTION, "active-nodes", "services and commands at work", MetaCommands::nodes),
                once(
                        SECTION,
                        "which-leader",
                        "the service that leads",
                        c -> c.orchestrator().leaderElection().leader().ifPresent(l -> c.print(l.node()))),
                once(
                        SECTION,
                        "reelect",
                        "end the present leadership, so that the services elect anew",
                        c -> c.orchestrator().leaderElection().vacate()));
    }

    private static void nodes(Call call) {
        String leader =
                call.orchestrator().leaderElection().leader().map(l -> l.node()).orElse("");
        call.orchestrator()
                .backend()
                .nodes()
                .alive(ALIVE_WITHIN)
                .forEach(n -> call.print(String.join(
                        "\t",
                        n.hostname(),
                        n.command(),
                        n.version(),
                        "since " + Timestamps.utc(n.since()),
                        "seen " + Timestamps.utc(n.lastSeen()),
                        n.hostname().equals(leader) && n.command().equals("http") ? "leader" : "")));
    }
}
