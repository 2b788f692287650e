package dev.orchestrator.api.model;

import java.util.Arrays;
import java.util.Comparator;

/**
 * An immutable set of positive numbers, kept as sorted, disjoint, never touching ranges. Every operation walks the
 * ranges of both operands once.
 */
final class Intervals {
    static final Intervals NONE = new Intervals(new long[0]);

    /** Pairs of first and last number of a range, both inclusive so that {@link Long#MAX_VALUE} needs no care. */
    private final long[] bounds;

    private Intervals(long[] bounds) {
        this.bounds = bounds;
    }

    static Intervals of(long first, long last) {
        return first > last ? NONE : new Intervals(new long[] {first, last});
    }

    boolean isEmpty() {
        return bounds.length == 0;
    }

    int size() {
        return bounds.length / 2;
    }

    long first(int range) {
        return bounds[2 * range];
    }

    long last(int range) {
        return bounds[2 * range + 1];
    }

    /** The greatest number of the set, 0 when it is empty. */
    long top() {
        return isEmpty() ? 0 : bounds[bounds.length - 1];
    }

    /** How many numbers there are; {@link Long#MAX_VALUE} when there are more. */
    long count() {
        long count = 0;
        for (int i = 0; i < size(); i++) {
            count = saturatingSum(count, last(i) - first(i) + 1);
        }
        return count;
    }

    static long saturatingSum(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    Intervals union(Intervals other) {
        if (contains(other)) {
            return this;
        }
        if (other.contains(this)) {
            return other;
        }
        Builder result = new Builder(bounds.length + other.bounds.length);
        int i = 0;
        int j = 0;
        while (i < size() || j < other.size()) {
            boolean takeOurs = j == other.size() || (i < size() && first(i) <= other.first(j));
            if (takeOurs) {
                result.add(first(i), last(i));
                i++;
            } else {
                result.add(other.first(j), other.last(j));
                j++;
            }
        }
        return result.build();
    }

    Intervals minus(Intervals other) {
        if (isEmpty() || other.isEmpty()) {
            return this;
        }
        if (other.contains(this)) {
            return NONE;
        }
        Builder result = new Builder(bounds.length + other.bounds.length);
        int j = 0;
        for (int i = 0; i < size(); i++) {
            long rest = first(i);
            while (j < other.size() && other.last(j) < rest) {
                j++;
            }
            // A range of the other may reach into our next range as well, so j stays on it until it lies behind.
            int k = j;
            boolean consumed = false;
            while (k < other.size() && other.first(k) <= last(i)) {
                if (other.first(k) > rest) {
                    result.add(rest, other.first(k) - 1);
                }
                j = k;
                if (other.last(k) >= last(i)) {
                    consumed = true;
                    break;
                }
                rest = other.last(k) + 1;
                k++;
            }
            if (!consumed) {
                result.add(rest, last(i));
            }
        }
        return result.build();
    }

    Intervals intersection(Intervals other) {
        Builder result = new Builder(Math.max(bounds.length, other.bounds.length));
        int i = 0;
        int j = 0;
        while (i < size() && j < other.size()) {
            long first = Math.max(first(i), other.first(j));
            long last = Math.min(last(i), other.last(j));
            if (first <= last) {
                result.add(first, last);
            }
            if (last(i) < other.last(j)) {
                i++;
            } else {
                j++;
            }
        }
        return result.build();
    }

    boolean intersects(Intervals other) {
        int i = 0;
        int j = 0;
        while (i < size() && j < other.size()) {
            if (last(i) < other.first(j)) {
                i++;
            } else if (other.last(j) < first(i)) {
                j++;
            } else {
                return true;
            }
        }
        return false;
    }

    boolean contains(Intervals other) {
        int i = 0;
        for (int j = 0; j < other.size(); j++) {
            while (i < size() && last(i) < other.first(j)) {
                i++;
            }
            if (i == size() || first(i) > other.first(j) || last(i) < other.last(j)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Intervals && Arrays.equals(bounds, ((Intervals) o).bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    /** Collects ranges in any order, overlapping or not; ranges that come in order are merged as they come. */
    static final class Builder {
        private long[] pairs;
        private int length;
        private boolean inOrder = true;

        Builder(int capacity) {
            pairs = new long[Math.max(4, capacity)];
        }

        void add(long first, long last) {
            if (length > 0 && first >= pairs[length - 2] && first - 1 <= pairs[length - 1]) {
                pairs[length - 1] = Math.max(pairs[length - 1], last);
                return;
            }
            inOrder &= length == 0 || first > pairs[length - 1];
            if (length == pairs.length) {
                pairs = Arrays.copyOf(pairs, 2 * length);
            }
            pairs[length++] = first;
            pairs[length++] = last;
        }

        Intervals build() {
            if (length == 0) {
                return NONE;
            }
            return inOrder ? new Intervals(Arrays.copyOf(pairs, length)) : sorted().build();
        }

        private Builder sorted() {
            long[][] ranges = new long[length / 2][];
            for (int i = 0; i < ranges.length; i++) {
                ranges[i] = new long[] {pairs[2 * i], pairs[2 * i + 1]};
            }
            Arrays.sort(ranges, Comparator.comparingLong(range -> range[0]));
            Builder result = new Builder(length);
            for (long[] range : ranges) {
                result.add(range[0], range[1]);
            }
            return result;
        }
    }
}
