package dev.orchestrator.simulation;

import dev.orchestrator.simulation.world.EventQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** What happened in a world, line by line, in the product's words; kept only when somebody wants to read it. */
public final class Story {
    private final EventQueue events;
    private final boolean kept;
    private final List<Line> lines = new ArrayList<>();

    private record Line(long at, String text, String more, boolean detail) {
        String at(int digits) {
            return String.format(Locale.ROOT, "%10." + digits + "f ms  %s", at / 1e6, text);
        }
    }

    Story(EventQueue events, boolean kept) {
        this.events = events;
        this.kept = kept;
    }

    boolean isKept() {
        return kept;
    }

    /** Something happens. */
    void tell(Supplier<String> line) {
        tell(line, () -> "");
    }

    /** Something happens of which there is more to be said, to whom wants to read all. */
    void tell(Supplier<String> line, Supplier<String> more) {
        if (kept) {
            lines.add(new Line(events.now(), line.get(), more.get(), false));
        }
    }

    /** Something happens that only who wants to read all wants to read. */
    void detail(Supplier<String> line) {
        if (kept) {
            lines.add(new Line(events.now(), line.get(), "", true));
        }
    }

    /**
     * What happened, with all that was read, decided and awaited.
     *
     * @return lines, in order; empty when it was not kept
     */
    public List<String> lines() {
        return lines.stream().map(l -> l.at(1) + l.more).toList();
    }

    /**
     * What happened to servers, services and records, and what people were told.
     *
     * @return lines, in order; empty when it was not kept
     */
    public List<String> brief() {
        return lines.stream().filter(l -> !l.detail).map(l -> l.at(0)).toList();
    }
}
