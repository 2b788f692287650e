package dev.orchestrator.engine.internal.core.candidate;

import static java.util.Comparator.comparing;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ServerVersion;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who can replicate from whom among the replicas of a failed primary. */
final class Compatibility {
    private Compatibility() {}

    /** Who of those that could take over is newer, or logs in a richer format, than most of them. */
    static Map<InstanceKey, String> tooMuchForMost(List<Replica> fit) {
        Map<InstanceKey, String> why = new TreeMap<>();
        if (fit.isEmpty()) {
            return why;
        }
        Replica version = mostCommon(fit, comparing(Replica::version, Compatibility::compareMajor));
        Replica format = mostCommon(fit, Comparator.comparingInt(Replica::formatRank));
        for (Replica r : fit) {
            if (compareMajor(r.version(), version.version()) > 0) {
                why.put(
                        r.key(),
                        "its version " + r.version() + " is newer than most of its siblings accept ("
                                + version.version().majorVersion() + ")");
            } else if (r.formatRank() > format.formatRank()) {
                why.put(
                        r.key(),
                        "its binlog_format " + r.instance().binlogFormat() + " is more than most of its siblings"
                                + " can follow (" + format.instance().binlogFormat() + ")");
            }
        }
        return why;
    }

    /** The most common kind; of equally common ones the smallest. */
    private static Replica mostCommon(List<Replica> fit, Comparator<Replica> kind) {
        return fit.stream()
                .max(comparing((Replica r) -> fit.stream()
                                .filter(o -> kind.compare(o, r) == 0)
                                .count())
                        .thenComparing(kind.reversed()))
                .orElseThrow();
    }

    /** Why a server cannot execute what another one logs: that must not be newer, nor log in a richer format. */
    static Optional<String> cannotExecute(Instance replica, Instance source) {
        if (compareMajor(replica.version(), source.version()) < 0) {
            return Optional.of("its version " + replica.version() + " is older than " + source.version());
        }
        return formatRank(replica) < formatRank(source)
                ? Optional.of("its binlog_format " + replica.binlogFormat() + " cannot log what comes as "
                        + source.binlogFormat())
                : Optional.empty();
    }

    static int compareMajor(ServerVersion a, ServerVersion b) {
        return a.major() != b.major() ? Integer.compare(a.major(), b.major()) : Integer.compare(a.minor(), b.minor());
    }

    static int formatRank(Instance server) {
        return switch (server.binlogFormat().toUpperCase(Locale.ROOT)) {
            case "STATEMENT" -> 0;
            case "MIXED" -> 1;
            default -> 2;
        };
    }

    /** The replicas that cannot replicate from a server, with the reason. */
    static Map<InstanceKey, String> cannotFollow(Replica source, List<Replica> replicas) {
        Map<InstanceKey, String> why = new TreeMap<>();
        for (Replica r : replicas) {
            if (r != source) {
                r.cannotFollow(source).ifPresent(reason -> why.put(r.key(), reason));
            }
        }
        return why;
    }

    /** Whether commits on a new primary would get their acknowledgements, where they are waited for without end. */
    static boolean acknowledgementsSuffice(@Nullable Instance failed, Replica source, List<Replica> replicas) {
        if (failed == null
                || !failed.semiSync().sourceEnabled()
                || failed.semiSync().timeout().compareTo(SemiSyncLoss.INFINITE) < 0) {
            return true;
        }
        long ackers = replicas.stream()
                .filter(r -> r != source && r.instance().semiSync().replicaEnabled() && r.canFollow(source))
                .count();
        return ackers >= failed.semiSync().waitForReplicas();
    }
}
