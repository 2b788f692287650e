package dev.orchestrator.cli.internal.command;

import static dev.orchestrator.cli.internal.command.Command.once;
import static dev.orchestrator.cli.internal.command.Command.perInstance;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.standalone.text.InstanceOrder;
import dev.orchestrator.standalone.text.TopologyText;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** CommandTable that only read: instances. */
final class InformationCommands {
    private static final String SECTION = "Information";

    private InformationCommands() {}

    static List<Command> all() {
        return List.of(
                once(SECTION, "find", "instances whose host:port matches -pattern", InformationCommands::find),
                once(SECTION, "search", "instances that contain -pattern", InformationCommands::search),
                once(SECTION, "all-instances", "every known instance", InformationCommands::allInstances),
                once(SECTION, "bulk-instances", "every known instance, sorted", InformationCommands::bulkInstances),
                perInstance(
                        SECTION,
                        "which-instance",
                        "the full name of an instance",
                        c -> c.print(c.instanceForReading().key())),
                perInstance(
                        SECTION,
                        "which-cluster",
                        "the cluster of an instance",
                        c -> c.print(c.cluster().name())),
                perInstance(SECTION, "which-master", "the source of an instance", InformationCommands::whichSource),
                perInstance(SECTION, "which-replicas", "the replicas of an instance", InformationCommands::replicas),
                perInstance(SECTION, "which-gtid-errant", "errant GTIDs of an instance", InformationCommands::errant),
                perInstance(
                        SECTION,
                        "instance-status",
                        "the state of an instance",
                        c -> c.print(TopologyText.status(
                                c.fleet(),
                                c.instanceForReading(),
                                c.orchestrator().config()))),
                perInstance(
                        SECTION,
                        "is-replicating",
                        "the instance, if both threads run",
                        c -> ifThreads(c, ReplicationThreadState.RUNNING)),
                perInstance(
                        SECTION,
                        "is-replication-stopped",
                        "the instance, if both threads are stopped",
                        c -> ifThreads(c, ReplicationThreadState.STOPPED)));
    }

    private static void find(CommandCall call) {
        Pattern pattern = pattern(call.required("pattern", "a regular expression on host:port"));
        print(call, m -> pattern.matcher(m.key().toString()).find());
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_INPUT, "-pattern is not a regular expression: " + e.getMessage(), e);
        }
    }

    private static void search(CommandCall call) {
        String text = call.required("pattern", "text to look for").toLowerCase(Locale.ROOT);
        print(
                call,
                m -> describedBy(call, m)
                                .anyMatch(s -> s.toLowerCase(Locale.ROOT).contains(text))
                        || m.facts()
                                .map(i -> String.valueOf(i.serverId()).equals(text))
                                .orElse(false)
                        || String.valueOf(m.key().port()).equals(text));
    }

    private static Stream<String> describedBy(CommandCall call, FleetMember member) {
        Stream<String> names = Stream.of(
                member.key().toString(),
                call.fleet().cluster(member.cluster()).map(c -> c.name()).orElse(""));
        return Stream.concat(
                names,
                member.facts().stream().flatMap(i -> Stream.of(i.version().toString(), i.versionComment())));
    }

    private static void print(CommandCall call, Predicate<FleetMember> wanted) {
        call.fleet().members().stream().filter(wanted).forEach(m -> call.print(m.key()));
    }

    private static void allInstances(CommandCall call) {
        InstanceOrder.byDepth(call.fleet()).forEach(m -> call.print(m.key()));
    }

    private static void bulkInstances(CommandCall call) {
        call.fleet().members().forEach(m -> call.print(m.key()));
    }

    private static void whichSource(CommandCall call) {
        FleetMember member = call.instanceForReading();
        call.fleet()
                .sourceOf(member)
                .map(FleetMember::key)
                .or(() -> member.facts().flatMap(Instance::source))
                .ifPresent(call::print);
    }

    private static void replicas(CommandCall call) {
        call.fleet().replicasOf(call.instanceForReading().key()).forEach(m -> call.print(m.key()));
    }

    private static void errant(CommandCall call) {
        FleetMember member = call.instanceForReading();
        call.print(member.facts().map(i -> i.errantGtids().toString()).orElse(""));
    }

    private static void ifThreads(CommandCall call, ReplicationThreadState state) {
        FleetMember member = call.instanceForReading();
        boolean both = member.facts()
                .flatMap(Instance::mainChannel)
                .map(c -> bothAre(c, state))
                .orElse(false);
        if (both) {
            call.print(member.key());
        }
    }

    private static boolean bothAre(ReplicationChannel channel, ReplicationThreadState state) {
        return channel.receiver() == state && channel.applier() == state;
    }
}
