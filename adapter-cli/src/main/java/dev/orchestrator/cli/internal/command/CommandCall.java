package dev.orchestrator.cli.internal.command;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.standalone.text.Durations;
import dev.orchestrator.standalone.text.InstanceNames;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run of one command: its flags, the orchestrator it works on, and its way out. */
final class CommandCall {
    private final Options options;
    private final Supplier<Orchestrator> opener;
    private final PrintStream out;
    private final String thisHost;
    private final @Nullable String instanceToken;
    private final @Nullable String argument;

    CommandCall(
            Options options,
            Supplier<Orchestrator> opener,
            PrintStream out,
            String thisHost,
            @Nullable String instanceToken,
            @Nullable String argument) {
        this.options = options;
        this.opener = opener;
        this.out = out;
        this.thisHost = thisHost;
        this.instanceToken = instanceToken;
        this.argument = argument;
    }

    /** What stands after the name of the command. */
    String argument(String meaning) {
        if (argument == null) {
            throw new OrchestratorException(ErrorCode.INVALID_INPUT, "missing " + meaning);
        }
        return argument;
    }

    Orchestrator orchestrator() {
        return opener.get();
    }

    Fleet fleet() {
        return orchestrator().fleet();
    }

    @Nullable
    String option(String name) {
        return options.get(name);
    }

    boolean isOn(String name) {
        return options.isOn(name, false);
    }

    void print(Object line) {
        out.println(line);
    }

    /** A flag the command cannot do without. */
    String required(String name, String meaning) {
        String value = options.get(name);
        if (value == null) {
            throw new OrchestratorException(ErrorCode.INVALID_INPUT, "missing -" + name + " (" + meaning + ")");
        }
        return value;
    }

    /** Who gives the order: {@code -owner}, or the unix user. */
    Actor actor() {
        String owner = options.get("owner");
        String user = System.getProperty("user.name", "unknown");
        return new Actor(owner == null ? user : owner, Origin.CLI, thisHost);
    }

    /** {@code -reason}, which everything that keeps others out must have. */
    String reason() {
        return required("reason", "why; others will read it");
    }

    Duration duration(Duration unset) {
        String text = options.get("duration");
        return text == null ? unset : Durations.parse(text);
    }

    /** The instance as written, or this host for commands that only read. */
    private InstanceKey written(boolean fallBackToThisHost) {
        int port = orchestrator().config().defaultPort();
        if (instanceToken != null) {
            return parse(instanceToken, port);
        }
        if (fallBackToThisHost) {
            return new InstanceKey(thisHost, port);
        }
        throw new OrchestratorException(
                ErrorCode.INVALID_INPUT, "missing -i (the instance to work on, host or host:port)");
    }

    private static InstanceKey parse(String text, int port) {
        try {
            return InstanceKey.parse(text, port);
        } catch (IllegalArgumentException e) {
            throw new OrchestratorException(ErrorCode.INVALID_INPUT, String.valueOf(e.getMessage()), e);
        }
    }

    /** The instance given by {@code -i}, exactly as written; it need not be known. */
    InstanceKey exactKey() {
        return written(false);
    }

    /** The known instance given by {@code -i}, by its exact name: for commands that change something. */
    InstanceKey exactInstance() {
        return InstanceNames.exact(fleet(), written(false)).key();
    }

    /** The known instance given by {@code -i}, this host without it; an abbreviated name will do: for reading. */
    FleetMember instanceForReading() {
        return InstanceNames.forReading(fleet(), written(true));
    }

    /** What was given by a flag: {@code -i} one instance at a time, {@code -d} also as {@code -s}; null without it. */
    @Nullable
    String given(String flag) {
        return switch (flag) {
            case "i" -> instanceToken;
            case "d" -> designated();
            default -> options.get(flag);
        };
    }

    private @Nullable String designated() {
        String d = options.get("d");
        String s = options.get("s");
        if (d != null && s != null) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_INPUT,
                    "-d and -s are synonyms: give one of them (seen -d " + d + " -s " + s + ")");
        }
        return d == null ? s : d;
    }

    /** The known instance given by {@code -d} or {@code -s}, by its exact name; null without one. */
    @Nullable
    InstanceKey destination() {
        String text = designated();
        return text == null
                ? null
                : InstanceNames.exact(
                                fleet(), parse(text, orchestrator().config().defaultPort()))
                        .key();
    }

    /** The cluster given by {@code -alias}, else the one of the instance. */
    Cluster cluster() {
        String alias = options.get("alias");
        if (alias != null) {
            return orchestrator().cluster(alias);
        }
        FleetMember member = instanceForReading();
        return fleet().cluster(member.cluster())
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.UNKNOWN_CLUSTER, member.key() + " belongs to no known cluster"));
    }

    /** Whether the call names a cluster or an instance at all. */
    boolean namesCluster() {
        return options.get("alias") != null || instanceToken != null;
    }
}
