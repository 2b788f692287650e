package dev.orchestrator.api.model;

import static java.util.Objects.requireNonNull;

import dev.orchestrator.api.model.GtidSource.Dialect;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of global transaction identifiers, of MySQL or of MariaDB, with the algebra of sets.
 *
 * <p><b>MySQL</b> (Reference Manual, "GTID Format and Storage", section "GTID Sets"): {@code uuid:1-5:7}, several UUIDs
 * separated by commas, since 8.3 with tags: {@code uuid:1-5:tag:1-3}. A tag is part of the identity of a transaction:
 * {@code uuid:1} and {@code uuid:tag:1} are different ones.
 *
 * <p><b>MariaDB</b> (Knowledge Base, "Global Transaction ID"): a position such as {@code 0-1-100,1-1-7} names for each
 * replication domain the last transaction as domain-server-sequence. It stands for all sequence numbers of the domain
 * up to that one, so that union is the maximum per domain and {@code a.minus(b)} is what {@code a} is ahead of
 * {@code b}: the sequence numbers after b's up to and including a's. A set that is no position any more, such as this
 * difference, prints its ranges as {@code 0-1-4..7}, which {@link #parse} reads back. The server number says who wrote
 * the last transaction of the domain; it is kept for printing and for {@link #divergesFrom}, and is no part of the set:
 * {@code 0-1-100} and {@code 0-2-100} are equal. In a set that is not a position it names the newest known writer of the
 * domain. MariaDB may skip numbers, so {@link #count} is an upper bound there.
 *
 * <p>The empty set belongs to both. An operation on a set of MySQL and one of MariaDB throws
 * {@link IllegalArgumentException}, except {@link #equals}. All operations take time in proportion to the number of
 * intervals. Instances are safe for use by many threads.
 */
public final class GtidSet {
    private static final GtidSet EMPTY = new GtidSet(List.of());

    /** In order of their sources, none of them without transactions. */
    private final List<Entry> entries;

    /** The transactions of one source; {@code server} is the MariaDB writer of the last one, 0 for MySQL. */
    record Entry(GtidSource source, Intervals intervals, long server) {
        long top() {
            return intervals.top();
        }

        Entry with(Intervals changed) {
            return new Entry(source, changed, server);
        }
    }

    private GtidSet(List<Entry> entries) {
        this.entries = entries;
    }

    /** A set of these entries, which must be in the order of their sources and without empty ones. */
    static GtidSet ofSorted(List<Entry> entries) {
        return switch (entries.size()) {
            case 0 -> EMPTY;
            case 1 -> new GtidSet(List.of(entries.get(0)));
            default -> new GtidSet(List.copyOf(entries));
        };
    }

    /** The set without transactions. */
    public static GtidSet empty() {
        return EMPTY;
    }

    /**
     * Reads a set as a server prints it or an operator writes it: upper or lower case, with spaces and line breaks between
     * the parts, intervals and UUIDs in any order, overlapping or repeated, with superfluous commas. Blank text is the
     * empty set. As in MySQL, the numbers of MySQL transactions are 1 to 2<sup>63</sup>-2, tags have 1 to 32 characters
     * and are made lower case. Unlike MySQL, which drops them silently, a UUID without an interval and an interval that
     * ends before it begins are refused: they are slips of an operator, never output of a server.
     *
     * @throws IllegalArgumentException when the text is no GTID set; the message names what was seen, its offset in the
     *     text (from 0) and what is expected
     */
    public static GtidSet parse(String text) {
        return new GtidSetParser(requireNonNull(text, "text")).parse();
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether this is a set of MariaDB; false for the empty set. */
    public boolean isMariaDb() {
        return dialect() == Dialect.MARIADB;
    }

    /** How many transactions these are, {@link Long#MAX_VALUE} if more. */
    public long count() {
        long count = 0;
        for (Entry entry : entries) {
            count = Intervals.saturatingSum(count, entry.intervals.count());
        }
        return count;
    }

    /** Whether every transaction of the other set is in this one. */
    public boolean contains(GtidSet other) {
        requireSameDialect(other);
        int i = 0;
        for (Entry wanted : other.entries) {
            while (i < entries.size() && entries.get(i).source.compareTo(wanted.source) < 0) {
                i++;
            }
            if (i == entries.size()
                    || !entries.get(i).source.equals(wanted.source)
                    || !entries.get(i).intervals.contains(wanted.intervals)) {
                return false;
            }
        }
        return true;
    }

    /** Whether every transaction of this set is in the other one. */
    public boolean isSubsetOf(GtidSet other) {
        return other.contains(this);
    }

    /** Whether some transaction is in both sets. */
    public boolean intersects(GtidSet other) {
        return anyPair(other, (ours, theirs) -> ours.intervals.intersects(theirs.intervals));
    }

    /** The transactions that are in one set or the other. */
    public GtidSet union(GtidSet other) {
        if (other.isEmpty() || other == this) {
            return this;
        }
        return isEmpty() ? other : combine(other, true, true, GtidSet::unionOf);
    }

    /** The transactions that are in this set and not in the other one. */
    public GtidSet minus(GtidSet other) {
        if (isEmpty() || other.isEmpty()) {
            return this;
        }
        return combine(other, true, false, (ours, theirs) -> ours.with(ours.intervals.minus(theirs.intervals)));
    }

    /** The transactions that are in both sets. */
    public GtidSet intersection(GtidSet other) {
        return combine(other, false, false, GtidSet::intersectionOf);
    }

    /**
     * Whether the histories are seen to have parted: in some MariaDB domain both sets end with the same sequence number,
     * written by different servers. Always false for MySQL, where such transactions have different identifiers and show
     * up in {@link #minus}.
     */
    public boolean divergesFrom(GtidSet other) {
        return anyPair(other, (ours, theirs) -> ours.top() == theirs.top() && ours.server != theirs.server);
    }

    /** The UUIDs (lower case, without tags) or MariaDB domain numbers that occur, in the order of printing. */
    public Set<String> sources() {
        Set<String> sources = new LinkedHashSet<>();
        for (Entry entry : entries) {
            sources.add(entry.source.text());
        }
        return Collections.unmodifiableSet(sources);
    }

    /**
     * The transactions of these sources, with any tag.
     *
     * @param sources UUIDs in upper or lower case, or domain numbers; those that do not occur have no effect
     */
    public GtidSet retainSources(Collection<String> sources) {
        Set<String> wanted = new HashSet<>();
        for (String source : sources) {
            wanted.add(source.toLowerCase(Locale.ROOT));
        }
        return filter(entry -> wanted.contains(entry.source.text()));
    }

    /** All transactions but those of this UUID (in upper or lower case, with any tag) or domain number. */
    public GtidSet withoutSource(String source) {
        String unwanted = source.toLowerCase(Locale.ROOT);
        return filter(entry -> !entry.source.text().equals(unwanted));
    }

    /** Whether both hold the same transactions; MariaDB server numbers do not count. */
    @Override
    public boolean equals(@Nullable Object o) {
        if (!(o instanceof GtidSet) || ((GtidSet) o).entries.size() != entries.size()) {
            return false;
        }
        for (int i = 0; i < entries.size(); i++) {
            Entry ours = entries.get(i);
            Entry theirs = ((GtidSet) o).entries.get(i);
            if (!ours.source.equals(theirs.source) || !ours.intervals.equals(theirs.intervals)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (Entry entry : entries) {
            hash = 31 * (31 * hash + entry.source.hashCode()) + entry.intervals.hashCode();
        }
        return hash;
    }

    /**
     * The set as the server prints it, on one line: sources in order, intervals in order and merged, tags behind the
     * untagged intervals of their UUID. MySQL itself breaks the line after each comma, which no statement needs.
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        GtidSource previous = null;
        for (Entry entry : entries) {
            if (entry.source.dialect() == Dialect.MARIADB) {
                printMariaDb(entry, text);
            } else {
                printMySql(entry, previous, text);
            }
            previous = entry.source;
        }
        return text.toString();
    }

    private static void printMySql(Entry entry, @Nullable GtidSource previous, StringBuilder text) {
        if (previous == null || !previous.sameServer(entry.source)) {
            text.append(previous == null ? "" : ",").append(entry.source.text());
        }
        if (!entry.source.tag().isEmpty()) {
            text.append(':').append(entry.source.tag());
        }
        for (int i = 0; i < entry.intervals.size(); i++) {
            text.append(':').append(entry.intervals.first(i));
            if (entry.intervals.last(i) > entry.intervals.first(i)) {
                text.append('-').append(entry.intervals.last(i));
            }
        }
    }

    private static void printMariaDb(Entry entry, StringBuilder text) {
        for (int i = 0; i < entry.intervals.size(); i++) {
            text.append(text.length() == 0 ? "" : ",").append(entry.source.text());
            text.append('-').append(entry.server).append('-');
            if (entry.intervals.first(i) > 1) {
                text.append(entry.intervals.first(i)).append("..");
            }
            text.append(entry.intervals.last(i));
        }
    }

    private static Entry unionOf(Entry ours, Entry theirs) {
        return new Entry(
                ours.source, ours.intervals.union(theirs.intervals), serverOf(ours, theirs, ours.top() > theirs.top()));
    }

    private static Entry intersectionOf(Entry ours, Entry theirs) {
        return new Entry(
                ours.source,
                ours.intervals.intersection(theirs.intervals),
                serverOf(ours, theirs, ours.top() < theirs.top()));
    }

    /** On a tie the greater number, so that the order of the operands does not show in the printed text. */
    private static long serverOf(Entry ours, Entry theirs, boolean oursDecides) {
        if (ours.top() == theirs.top()) {
            return Math.max(ours.server, theirs.server);
        }
        return oursDecides ? ours.server : theirs.server;
    }

    private interface Merger {
        Entry merge(Entry ours, Entry theirs);
    }

    private interface PairTest {
        boolean test(Entry ours, Entry theirs);
    }

    private GtidSet combine(GtidSet other, boolean keepOurs, boolean keepTheirs, Merger merger) {
        requireSameDialect(other);
        List<Entry> result = new ArrayList<>(entries.size() + other.entries.size());
        int i = 0;
        int j = 0;
        while (i < entries.size() || j < other.entries.size()) {
            int order = order(other, i, j);
            if (order < 0) {
                addIf(keepOurs, entries.get(i), result);
            } else if (order > 0) {
                addIf(keepTheirs, other.entries.get(j), result);
            } else {
                Entry merged = merger.merge(entries.get(i), other.entries.get(j));
                addIf(!merged.intervals.isEmpty(), merged, result);
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return ofSorted(result);
    }

    /** Which entry comes next: negative our i-th, positive the other's j-th, zero both, being of one source. */
    private int order(GtidSet other, int i, int j) {
        if (i == entries.size()) {
            return 1;
        }
        return j == other.entries.size() ? -1 : entries.get(i).source.compareTo(other.entries.get(j).source);
    }

    private static void addIf(boolean wanted, Entry entry, List<Entry> result) {
        if (wanted) {
            result.add(entry);
        }
    }

    private boolean anyPair(GtidSet other, PairTest test) {
        requireSameDialect(other);
        int i = 0;
        int j = 0;
        while (i < entries.size() && j < other.entries.size()) {
            int order = order(other, i, j);
            if (order == 0 && test.test(entries.get(i), other.entries.get(j))) {
                return true;
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return false;
    }

    private GtidSet filter(Predicate<Entry> wanted) {
        List<Entry> left = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            addIf(wanted.test(entry), entry, left);
        }
        return ofSorted(left);
    }

    private @Nullable Dialect dialect() {
        return entries.isEmpty() ? null : entries.get(0).source.dialect();
    }

    private void requireSameDialect(GtidSet other) {
        Dialect ours = dialect();
        Dialect theirs = other.dialect();
        if (ours != null && theirs != null && ours != theirs) {
            throw new IllegalArgumentException(
                    "cannot combine a GTID set of " + ours.title + " (" + excerpt() + ") with one of " + theirs.title
                            + " (" + other.excerpt() + "): their transactions do not compare");
        }
    }

    private String excerpt() {
        String text = ofSorted(entries.subList(0, 1)).toString();
        boolean whole = entries.size() == 1 && text.length() <= 80;
        return whole ? text : text.substring(0, Math.min(80, text.length())) + "...";
    }
}
