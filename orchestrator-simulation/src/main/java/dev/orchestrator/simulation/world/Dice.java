package dev.orchestrator.simulation.world;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Chance: everything that is random in a world comes from one seed. Skewed to the nasty. Not thread-safe. */
public final class Dice {
    private final SplittableRandom random;

    /**
     * The dice of one world.
     *
     * @param seed the seed
     */
    public Dice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /**
     * Whether something that is seldom happens now.
     *
     * @param oneIn once in so many times; 1 for always
     * @return true when it does
     */
    public boolean once(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    /**
     * A number.
     *
     * @param below an upper limit that is not reached
     * @return zero or more
     */
    public int number(int below) {
        return random.nextInt(below);
    }

    /**
     * One of several.
     *
     * @param all them
     * @param <T> their type
     * @return any
     */
    public <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /**
     * A time between two, each as likely.
     *
     * @param from the shortest
     * @param to the longest
     * @return nanoseconds
     */
    public long between(Duration from, Duration to) {
        return between(from.toNanos(), to.toNanos());
    }

    private long between(long from, long to) {
        return random.nextLong(from, to + 1);
    }

    /**
     * How long something takes that is usually quick: mostly near the usual time, one in eight far above it.
     *
     * @param usual the usual time
     * @param worst the longest
     * @return nanoseconds
     */
    public long quick(Duration usual, Duration worst) {
        long nanos = usual.toNanos();
        return once(8) ? between(nanos, worst.toNanos()) : between(nanos / 2, nanos * 2);
    }
}
