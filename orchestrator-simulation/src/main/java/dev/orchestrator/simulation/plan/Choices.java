package dev.orchestrator.simulation.plan;

import dev.orchestrator.simulation.world.Dice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is open about one part of a world: chosen by the dice, or said beforehand. The dice are thrown in any case, so that
 * whatever is said as it was chosen leaves everything else as the seed has it. What is chosen is kept, in words that can
 * be said again. Not thread-safe.
 */
public final class Choices {
    private final Dice dice;
    private final @Nullable List<String> said;
    private final List<String> made;

    private Choices(Dice dice, @Nullable List<String> said, List<String> made) {
        this.dice = dice;
        this.said = said;
        this.made = made;
    }

    /**
     * Everything is open.
     *
     * @param dice choose
     * @return choices of a new part
     */
    public static Choices open(Dice dice) {
        return new Choices(dice, null, new ArrayList<>());
    }

    /**
     * Something is said. What may be is not, unless it is said; of what must be the dice choose what is not said.
     *
     * @param dice choose the rest
     * @param words what is said
     * @return choices of a new part
     */
    public static Choices said(Dice dice, List<String> words) {
        return new Choices(dice, List.copyOf(words), new ArrayList<>());
    }

    /**
     * The same part, of which other dice choose.
     *
     * @param other the dice
     * @return choices of the same part
     */
    public Choices by(Dice other) {
        return new Choices(other, said, made);
    }

    /**
     * What was chosen so far.
     *
     * @return in words, as they can be said
     */
    public List<String> made() {
        return List.copyOf(made);
    }

    /**
     * Whether something is so that is seldom so.
     *
     * @param name what
     * @param oneIn once in so many times
     * @return true when it is
     */
    public boolean once(String name, int oneIn) {
        boolean thrown = dice.once(oneIn);
        boolean is = said == null ? thrown : said.contains(name);
        if (is) {
            made.add(name);
        }
        return is;
    }

    /**
     * A number.
     *
     * @param name of what
     * @param least the least
     * @param kinds how many there are to choose from
     * @return the least or more
     */
    public int number(String name, int least, int kinds) {
        int thrown = least + dice.number(kinds);
        int number = value(name).map(Integer::parseInt).orElse(thrown);
        made.add(name + " " + number);
        return number;
    }

    /**
     * Seldom a number.
     *
     * @param name of what
     * @param oneIn once in so many times
     * @param least the least
     * @param kinds how many there are to choose from
     * @return the least or more, mostly none
     */
    public OptionalInt seldomNumber(String name, int oneIn, int least, int kinds) {
        return isSeldom(name, oneIn) ? OptionalInt.of(number(name, least, kinds)) : OptionalInt.empty();
    }

    /**
     * One of several.
     *
     * @param name of what
     * @param all them
     * @param words what each is called
     * @param <T> their type
     * @return any of them; where the one that is said is not among them, another
     */
    public <T> T oneOf(String name, List<T> all, Function<T, String> words) {
        return known(name, dice.oneOf(all), all, words);
    }

    /**
     * One of several, of which one was chosen already.
     *
     * @param name of what
     * @param chosen holds unless another is said
     * @param all them
     * @param words what each is called
     * @param <T> their type
     * @return any of them
     */
    public <T> T known(String name, T chosen, List<T> all, Function<T, String> words) {
        T one = value(name)
                .flatMap(v -> all.stream().filter(a -> words.apply(a).equals(v)).findFirst())
                .orElse(chosen);
        made.add(name + " " + words.apply(one));
        return one;
    }

    /**
     * Seldom one of several.
     *
     * @param name of what
     * @param oneIn once in so many times
     * @param all them
     * @param words what each is called
     * @param <T> their type
     * @return mostly none
     */
    public <T> Optional<T> seldomOneOf(String name, int oneIn, List<T> all, Function<T, String> words) {
        return isSeldom(name, oneIn) ? Optional.of(oneOf(name, all, words)) : Optional.empty();
    }

    /**
     * Perhaps one of several, which other dice have chosen already.
     *
     * @param name of what
     * @param chosen holds unless something is said
     * @param all what may be said
     * @return mostly none
     */
    public Optional<String> perhaps(String name, Optional<String> chosen, List<String> all) {
        Optional<String> one = said == null ? chosen : value(name).filter(all::contains);
        one.ifPresent(o -> made.add(name + " " + o));
        return one;
    }

    /**
     * A time between two.
     *
     * @param name of what
     * @param from the shortest
     * @param to the longest
     * @return nanoseconds
     */
    public long between(String name, Duration from, Duration to) {
        long thrown = dice.between(from, to);
        long nanos = value(name).map(Millis::parse).orElse(thrown);
        made.add(name + " " + Millis.of(nanos));
        return nanos;
    }

    /**
     * Seldom a time between two.
     *
     * @param name of what
     * @param oneIn once in so many times
     * @param from the shortest
     * @param to the longest
     * @return nanoseconds, mostly none
     */
    public OptionalLong seldomBetween(String name, int oneIn, Duration from, Duration to) {
        return isSeldom(name, oneIn) ? OptionalLong.of(between(name, from, to)) : OptionalLong.empty();
    }

    private boolean isSeldom(String name, int oneIn) {
        boolean thrown = dice.once(oneIn);
        return said == null ? thrown : value(name).isPresent();
    }

    private Optional<String> value(String name) {
        if (said == null) {
            return Optional.empty();
        }
        return said.stream()
                .filter(w -> w.startsWith(name + " "))
                .map(w -> w.substring(name.length() + 1))
                .findFirst();
    }
}
