package dev.orchestrator.simulation.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * What a world is made of and what goes wrong in it. The seed chooses the rest: how long everything takes.
 *
 * @param seed of everything that is not said
 * @param isOpen whether the seed chooses everything
 * @param world servers and services, in words
 * @param parts what goes wrong and is ordered
 */
public record SchedulePlan(long seed, boolean isOpen, List<String> world, List<Part> parts) {
    private static final String SEED = "seed ";
    private static final String WORLD = "world";

    /** Copies the lists. */
    public SchedulePlan {
        world = List.copyOf(world);
        parts = List.copyOf(parts);
    }

    /**
     * What a seed chooses.
     *
     * @param seed the seed
     * @return a plan that says nothing
     */
    public static SchedulePlan ofSeed(long seed) {
        return new SchedulePlan(seed, true, List.of(), List.of());
    }

    /**
     * What is said.
     *
     * @param seed of everything else
     * @param world servers and services, in words
     * @param parts what goes wrong and is ordered, and nothing else
     * @return a plan
     */
    public static SchedulePlan said(long seed, List<String> world, List<Part> parts) {
        return new SchedulePlan(seed, false, world, parts);
    }

    /**
     * The same with other chance.
     *
     * @param other the seed of everything that is not said
     * @return a plan
     */
    public SchedulePlan withSeed(long other) {
        return new SchedulePlan(other, isOpen, world, parts);
    }

    /**
     * Reads one. Lines that begin with {@code #}, and those after an empty one, are for readers.
     *
     * @param lines as {@code lines} writes them
     * @return the same
     */
    public static SchedulePlan parse(List<String> lines) {
        long seed = 0;
        List<String> world = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        int end = lines.contains("") ? lines.indexOf("") : lines.size();
        List<String> read =
                lines.subList(0, end).stream().filter(l -> !l.startsWith("#")).toList();
        for (String line : read) {
            if (line.startsWith(SEED)) {
                seed = Long.parseLong(line.substring(SEED.length()).strip());
            } else if (line.startsWith(WORLD + " (") && line.endsWith(")")) {
                world.addAll(Part.list(line.substring(WORLD.length() + 2, line.length() - 1)));
            } else {
                parts.add(Part.parse(line));
            }
        }
        return said(seed, world, parts);
    }

    /**
     * What it says.
     *
     * @return in words, line by line
     */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(SEED + seed));
        if (!world.isEmpty()) {
            lines.add(WORLD + Part.inBrackets(world));
        }
        parts.forEach(p -> lines.add(p.toString()));
        return lines;
    }
}
