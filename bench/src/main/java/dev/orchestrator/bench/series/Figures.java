package dev.orchestrator.bench.series;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Times of a series against a limit. */
final class Figures {
    private final String what;
    private final Duration limit;
    private final List<Long> millis = new ArrayList<>();

    Figures(String what, Duration limit) {
        this.what = what;
        this.limit = limit;
    }

    boolean add(Duration time) {
        millis.add(time.toMillis());
        return time.compareTo(limit) <= 0;
    }

    boolean allWithin(int runs) {
        return millis.size() == runs && within() == runs;
    }

    private long within() {
        return millis.stream().filter(m -> m <= limit.toMillis()).count();
    }

    long median() {
        return sorted().get(millis.size() / 2);
    }

    private List<Long> sorted() {
        List<Long> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        return sorted;
    }

    @Override
    public String toString() {
        if (millis.isEmpty()) {
            return what + ": none";
        }
        List<Long> sorted = sorted();
        return String.format(
                Locale.ROOT,
                "%s: median %d ms, best %d, worst %d; %d of %d within %d ms",
                what,
                median(),
                sorted.get(0),
                sorted.get(sorted.size() - 1),
                within(),
                millis.size(),
                limit.toMillis());
    }
}
