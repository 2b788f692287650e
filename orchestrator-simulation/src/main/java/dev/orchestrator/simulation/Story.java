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
    private final List<String> lines = new ArrayList<>();

    Story(EventQueue events, boolean kept) {
        this.events = events;
        this.kept = kept;
    }

    void tell(Supplier<String> line) {
        if (kept) {
            lines.add(String.format(Locale.ROOT, "%10.1f ms  %s", events.now() / 1e6, line.get()));
        }
    }

    /**
     * What happened.
     *
     * @return lines, in order; empty when it was not kept
     */
    public List<String> lines() {
        return List.copyOf(lines);
    }
}
