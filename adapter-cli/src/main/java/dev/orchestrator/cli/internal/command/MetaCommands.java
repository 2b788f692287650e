package dev.orchestrator.cli.internal.command;

import static dev.orchestrator.cli.internal.command.Command.once;
import static dev.orchestrator.cli.internal.command.Command.withArgument;

import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.RunningChange;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.standalone.text.Timestamps;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** CommandTable about the orchestrator itself. */
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
                        c -> c.orchestrator().leaderElection().vacate()),
                once(SECTION, "running", "the operations and recoveries being made", MetaCommands::running),
                withArgument(SECTION, "cancel", "UID", "ask a running change to stop: cancel UID", c -> {
                    String uid = c.argument("UID (of the change to stop; running lists them)");
                    CancelOutcome outcome = c.orchestrator().cancel(uid, c.actor());
                    c.print(uid + ": " + outcome.words());
                }));
    }

    private static void running(CommandCall call) {
        call.orchestrator()
                .running()
                .forEach(r -> call.print(String.join(
                        "\t",
                        r.uid(),
                        r.kind(),
                        r.instances().stream().map(InstanceKey::toString).collect(Collectors.joining(",")),
                        r.description(),
                        r.phase(),
                        "since " + Timestamps.utc(r.since()),
                        "by " + r.actor(),
                        "on " + r.node()
                                + (r.silent()
                                        ? " (not heard of for " + RunningChange.SILENT_SECONDS
                                                + " s: gone, or it stands still)"
                                        : ""),
                        r.cancellation() == null
                                ? ""
                                : "asked to stop by " + r.cancellation().by(),
                        r.cancelOutcome().map(CancelOutcome::words).orElse(""))));
    }

    private static void nodes(CommandCall call) {
        String leader =
                call.orchestrator().leaderElection().leader().map(l -> l.node()).orElse("");
        call.orchestrator()
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
