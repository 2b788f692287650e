package dev.orchestrator.simulation;

import dev.orchestrator.simulation.kind.ServerKind;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.Schemas;
import dev.orchestrator.simulation.world.Dice;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** In what the servers of a world differ from each other: in most worlds in nothing. Its dice are its own. */
final class Variety {
    /** So chosen that the seeds which once found something keep their worlds. */
    private static final long SALT = 76_419;

    private static final String NEWER = "8.4.3";
    private static final List<String> FORMATS = List.of("STATEMENT", "MIXED", "ROW");
    private static final List<String> FILTERS = List.of(
            "replicate-ignore-db=" + Schemas.SCRATCH,
            "replicate-wild-ignore-table=" + Schemas.SCRATCH + ".%",
            "replicate-do-db=" + Schemas.APP,
            "binlog-ignore-db=" + Schemas.SCRATCH,
            "binlog-do-db=" + Schemas.APP);

    // Nothing that clients write is lost by these.
    private static final List<String> HARMLESS = List.of(
            "replicate-ignore-db=mysql", "replicate-wild-ignore-table=sys.%", "binlog-ignore-db=performance_schema");

    private static final List<String> ALL_FILTERS =
            Stream.concat(FILTERS.stream(), HARMLESS.stream()).toList();

    private final Choices chosen;
    private final Dice dice;
    private final boolean filters;
    private final boolean kinds;
    private final boolean byFormat;
    private final boolean onlyFirst;
    private boolean different;

    Variety(long seed, Choices chosen) {
        this.chosen = chosen;
        this.dice = new Dice(Long.rotateLeft(seed, 32) ^ SALT);
        this.filters = dice.once(8);
        this.kinds = dice.once(8);
        this.byFormat = dice.once(2);
        this.onlyFirst = dice.once(2);
    }

    /** Whether some server is not like the others. */
    boolean isDifferent() {
        return different;
    }

    /** What a server of the topology is like, by its place in it; what is below another replica is as that one is. */
    ServerKind of(String host, int place, @Nullable ServerKind source) {
        ServerKind thrown = thrown(place, source);
        ServerKind plain = ServerKind.ORDINARY;
        ServerKind kind = perhaps(host + " is of", thrown.version().equals(plain.version()), NEWER, List.of(NEWER))
                .map(plain::ofVersion)
                .orElse(plain);
        String format = thrown.binlogFormat();
        kind = perhaps(host + " logs", format.equals(plain.binlogFormat()), format, FORMATS)
                .map(kind::logging)
                .orElse(kind);
        String filter = Stream.concat(thrown.filters().stream(), thrown.binlogFilters().stream())
                .findFirst()
                .orElse("");
        kind = perhaps(host + " has", filter.isEmpty(), filter, ALL_FILTERS)
                .map(kind::filtering)
                .orElse(kind);
        different |= !kind.equals(plain);
        return kind;
    }

    private Optional<String> perhaps(String name, boolean none, String thrown, List<String> all) {
        return chosen.perhaps(name, none ? Optional.empty() : Optional.of(thrown), all);
    }

    private ServerKind thrown(int place, @Nullable ServerKind source) {
        ServerKind primary = kinds && byFormat ? ServerKind.ORDINARY.logging("STATEMENT") : ServerKind.ORDINARY;
        if (source == null || !source.equals(primary)) {
            return source == null ? primary : source;
        }
        if (kinds && onlyFirst) {
            return place == 1 ? richer(primary) : filtering(primary);
        }
        if (kinds) {
            ServerKind kind = dice.once(3) ? richer(primary) : primary;
            return dice.once(3) ? filtering(kind) : kind;
        }
        if (!filters) {
            return primary;
        }
        return dice.once(4) ? primary.filtering(dice.oneOf(HARMLESS)) : dice.once(2) ? filtering(primary) : primary;
    }

    /** Of a kind that the others cannot follow. */
    private ServerKind richer(ServerKind than) {
        return byFormat ? than.logging("ROW") : than.ofVersion(NEWER);
    }

    private ServerKind filtering(ServerKind kind) {
        return kind.filtering(dice.oneOf(FILTERS));
    }

    /** Where the next row of a client belongs. */
    String schema() {
        return different && dice.once(3) ? Schemas.SCRATCH : Schemas.APP;
    }
}
