package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.candidate.Choice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a procedure has decided and found so far. Immutable. */
public final class Memory {
    /** Nothing. */
    static final Memory EMPTY = new Memory();

    private @Nullable Choice choice;
    private @Nullable InstanceKey source;
    private Map<InstanceKey, String> rejected = Map.of();
    private int rejections;
    private long rejectedAt = Long.MIN_VALUE;
    private @Nullable GtidSet written;
    private @Nullable Instance promoted;
    private Map<InstanceKey, String> settled = Map.of();
    private Map<String, Long> passed = Map.of();
    private Map<InstanceKey, Reached> progress = Map.of();
    private List<String> problems = List.of();
    private List<InstanceKey> fallen = List.of();
    private @Nullable String givenUp;
    private boolean overtaken;

    private Memory() {}

    /** A copy that is changed before anybody sees it. */
    private Memory copy() {
        Memory copy = new Memory();
        copy.choice = choice;
        copy.source = source;
        copy.rejected = rejected;
        copy.rejections = rejections;
        copy.rejectedAt = rejectedAt;
        copy.written = written;
        copy.promoted = promoted;
        copy.settled = settled;
        copy.passed = passed;
        copy.progress = progress;
        copy.problems = problems;
        copy.fallen = fallen;
        copy.givenUp = givenUp;
        copy.overtaken = overtaken;
        return copy;
    }

    private static <K, V> Map<K, V> plus(Map<K, V> map, K key, V value) {
        Map<K, V> all = new HashMap<>(map);
        all.put(key, value);
        return Collections.unmodifiableMap(all);
    }

    /**
     * How far a server had come.
     *
     * @param executed what it had executed
     * @param since the ticker reading of the first look at which it had come just so far
     */
    public record Reached(GtidSet executed, long since) {}

    Memory choose(Choice next) {
        Memory copy = copy();
        copy.choice = next;
        return copy;
    }

    Memory from(InstanceKey next) {
        Memory copy = copy();
        copy.source = next;
        return copy;
    }

    /** The choice is made anew; what was found about progress is void. */
    Memory reject(InstanceKey server, String why, boolean banned, long now) {
        Memory copy = copy();
        copy.choice = null;
        copy.rejected = banned ? plus(rejected, server, why) : rejected;
        copy.rejections++;
        copy.rejectedAt = now;
        copy.progress = Map.of();
        return copy;
    }

    Memory written(GtidSet gtids) {
        Memory copy = copy();
        copy.written = gtids;
        return copy;
    }

    Memory promoted(Instance primary) {
        Memory copy = copy();
        copy.promoted = primary;
        return copy;
    }

    Memory settle(InstanceKey server, String why) {
        Memory copy = copy();
        copy.settled = plus(settled, server, why);
        return copy;
    }

    Memory pass(String phase, long now) {
        Memory copy = copy();
        copy.passed = plus(passed, phase, now);
        return copy;
    }

    Memory reached(InstanceKey server, GtidSet executed, long now) {
        Reached before = progress.get(server);
        boolean further = before == null || !before.executed().equals(executed);
        Memory copy = copy();
        copy.progress = plus(progress, server, new Reached(executed, further || before == null ? now : before.since()));
        return copy;
    }

    Memory problem(String text) {
        if (text.isEmpty()) {
            return this;
        }
        Memory copy = copy();
        List<String> all = new ArrayList<>(problems);
        all.add(text);
        copy.problems = List.copyOf(all);
        return copy;
    }

    Memory fell(InstanceKey server) {
        Memory copy = copy();
        List<InstanceKey> all = new ArrayList<>(fallen);
        all.add(server);
        copy.fallen = List.copyOf(all);
        return copy;
    }

    Memory giveUp(String why) {
        Memory copy = copy();
        copy.givenUp = givenUp == null ? why : givenUp;
        return copy;
    }

    Memory overtaken(String why) {
        Memory copy = giveUp(why);
        copy.overtaken = true;
        return copy;
    }

    /**
     * Who is to take over.
     *
     * @return null while nobody is chosen
     */
    public @Nullable Choice choice() {
        return choice;
    }

    /**
     * From whom others are to replicate, where nobody is promoted.
     *
     * @return null while that is not decided
     */
    public @Nullable InstanceKey source() {
        return source;
    }

    /**
     * Servers that must not be chosen again.
     *
     * @return with the reason
     */
    public Map<InstanceKey, String> rejected() {
        return rejected;
    }

    /**
     * How often somebody was rejected.
     *
     * @return a count
     */
    public int rejections() {
        return rejections;
    }

    /**
     * When the last choice was given up.
     *
     * @return a ticker reading, the smallest one when that never happened
     */
    public long rejectedAt() {
        return rejectedAt;
    }

    /**
     * What a living primary had executed when it took no more writes.
     *
     * @return null while that is not known
     */
    public @Nullable GtidSet written() {
        return written;
    }

    /**
     * The new primary as it was when it began to take writes.
     *
     * @return null while there is none
     */
    public @Nullable Instance promoted() {
        return promoted;
    }

    /**
     * What became of servers.
     *
     * @return empty text for those that are as they should be, else why not
     */
    public Map<InstanceKey, String> settled() {
        return settled;
    }

    /**
     * Whether a phase is over though nothing remains to be seen of it.
     *
     * @param phase its name
     * @return true when it is
     */
    public boolean hasPassed(String phase) {
        return passed.containsKey(phase);
    }

    /**
     * When a phase was over.
     *
     * @param phase its name
     * @return a ticker reading, the smallest one when it is not over
     */
    public long passedAt(String phase) {
        return passed.getOrDefault(phase, Long.MIN_VALUE);
    }

    /**
     * How far a server had come at the last look.
     *
     * @param server the server
     * @return null when it was not looked at
     */
    public @Nullable Reached reached(InstanceKey server) {
        return progress.get(server);
    }

    /**
     * What went wrong without ending the procedure.
     *
     * @return for people, in order
     */
    public List<String> problems() {
        return problems;
    }

    /**
     * The last successor that died after it may have become writable.
     *
     * @return null when that never happened
     */
    public @Nullable InstanceKey fallen() {
        return fallen.isEmpty() ? null : fallen.get(fallen.size() - 1);
    }

    /**
     * All successors that died after they may have become writable.
     *
     * @return in order
     */
    public List<InstanceKey> allFallen() {
        return fallen;
    }

    /**
     * Why the aim was given up.
     *
     * @return null while it is not
     */
    public @Nullable String givenUp() {
        return givenUp;
    }

    /**
     * Whether somebody else has made another primary, so that nothing is put back.
     *
     * @return true when nothing is to be told to any server any more
     */
    public boolean isOvertaken() {
        return overtaken;
    }
}
