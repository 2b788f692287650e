package dev.orchestrator.simulation.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** In which ways a plan may be made smaller. */
public final class Cuts {
    private static final long MILLI = 1_000_000;
    private static final List<Long> ROUND = List.of(1000 * MILLI, 100 * MILLI, 10 * MILLI, MILLI);
    private static final List<String> COUNTED = List.of("servers ", "services ", "more servers ");
    private static final Comparator<SchedulePlan> SIZE = Comparator.<SchedulePlan>comparingInt(
                    p -> p.parts().size())
            .thenComparingInt(Cuts::population)
            .thenComparingInt(Cuts::words)
            .thenComparingInt(Cuts::letters)
            .thenComparingLong(Cuts::lasting);

    private Cuts() {}

    /**
     * A smaller plan.
     *
     * @param plan it
     * @param deep whether it leaves out so much that all else takes another course
     */
    public record Cut(SchedulePlan plan, boolean deep) {}

    /**
     * All ways to cut one, those that cut most first.
     *
     * @param plan a plan that says all
     * @return plans that say less, or something shorter
     */
    public static List<Cut> of(SchedulePlan plan) {
        List<Cut> cuts = new ArrayList<>();
        List<Part> parts = plan.parts();
        for (int i = parts.size() - 1; i >= 0; i--) {
            cuts.add(new Cut(said(plan, plan.world(), without(parts, i)), true));
        }
        for (int i = 0; i < plan.world().size(); i++) {
            for (List<String> less : fewer(plan.world(), i)) {
                cuts.add(new Cut(said(plan, less, parts), true));
            }
        }
        for (int i = 0; i < plan.world().size(); i++) {
            cuts.add(new Cut(said(plan, without(plan.world(), i), parts), false));
            for (String shorter : shorter(plan.world().get(i))) {
                cuts.add(new Cut(said(plan, with(plan.world(), i, shorter), parts), false));
            }
        }
        for (int i = 0; i < parts.size(); i++) {
            for (Part less : less(parts.get(i))) {
                cuts.add(new Cut(said(plan, plan.world(), with(parts, i, less)), false));
            }
        }
        return cuts;
    }

    /**
     * Whether one says less than another, or the same of shorter times.
     *
     * @param one a plan that says all
     * @param other another
     * @return false for the same
     */
    public static boolean isSmaller(SchedulePlan one, SchedulePlan other) {
        return SIZE.compare(one, other) < 0;
    }

    private static SchedulePlan said(SchedulePlan plan, List<String> world, List<Part> parts) {
        return SchedulePlan.said(plan.seed(), world, parts);
    }

    private static <T> List<T> without(List<T> all, int index) {
        List<T> less = new ArrayList<>(all);
        less.remove(index);
        return less;
    }

    private static <T> List<T> with(List<T> all, int index, T other) {
        List<T> changed = new ArrayList<>(all);
        changed.set(index, other);
        return changed;
    }

    /** The least first; a world of two servers and one service is the smallest. */
    private static List<List<String>> fewer(List<String> world, int index) {
        List<List<String>> all = new ArrayList<>();
        String words = world.get(index);
        for (String name : COUNTED) {
            int least = name.equals(COUNTED.get(0)) ? 2 : 1;
            for (int count = least; count < number(words, name); count++) {
                all.add(with(world, index, name + count));
            }
        }
        return all;
    }

    private static int number(String words, String name) {
        return words.startsWith(name) ? Integer.parseInt(words.substring(name.length())) : 0;
    }

    private static List<Part> less(Part part) {
        List<Part> all = new ArrayList<>();
        for (int i = 0; i < part.how().size(); i++) {
            all.add(new Part(part.when(), part.what(), without(part.how(), i)));
        }
        for (int i = 0; i < part.how().size(); i++) {
            for (String shorter : shorter(part.how().get(i))) {
                all.add(new Part(part.when(), part.what(), with(part.how(), i, shorter)));
            }
        }
        moments(part.when()).forEach(when -> all.add(new Part(when, part.what(), part.how())));
        return all;
    }

    private static List<String> shorter(String words) {
        OptionalLong time = time(words);
        if (time.isEmpty()) {
            return List.of();
        }
        String name = words.substring(0, start(words));
        long nanos = time.getAsLong();
        return Stream.concat(Stream.of(nanos / 2 / MILLI * MILLI), round(nanos))
                .filter(less -> less >= MILLI && less < nanos)
                .map(less -> name + Millis.of(less))
                .toList();
    }

    private static Stream<When> moments(When when) {
        UnaryOperator<String> name = words -> words.substring(0, start(words));
        return when.at().stream()
                .boxed()
                .flatMap(nanos -> round(nanos)
                        .filter(less -> less < nanos)
                        .map(less -> When.parse(name.apply(when.toString()) + Millis.of(less))));
    }

    private static Stream<Long> round(long nanos) {
        return ROUND.stream().map(unit -> nanos / unit * unit);
    }

    /** Where the time begins at the end of some words. */
    private static int start(String words) {
        return words.lastIndexOf(' ', words.lastIndexOf(' ') - 1) + 1;
    }

    private static OptionalLong time(String words) {
        return Millis.isTime(words)
                ? OptionalLong.of(Millis.parse(words.substring(start(words))))
                : OptionalLong.empty();
    }

    private static int population(SchedulePlan plan) {
        return plan.world().stream()
                .mapToInt(words ->
                        COUNTED.stream().mapToInt(name -> number(words, name)).sum())
                .sum();
    }

    private static int words(SchedulePlan plan) {
        return plan.world().size()
                + plan.parts().stream().mapToInt(p -> p.how().size()).sum();
    }

    private static int letters(SchedulePlan plan) {
        return plan.lines().stream().skip(1).mapToInt(String::length).sum();
    }

    private static long lasting(SchedulePlan plan) {
        return Stream.concat(plan.world().stream(), plan.parts().stream().flatMap(p -> p.how().stream()))
                .mapToLong(words -> time(words).orElse(0))
                .sum();
    }
}
