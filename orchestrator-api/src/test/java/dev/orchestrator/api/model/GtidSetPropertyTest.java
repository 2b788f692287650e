package dev.orchestrator.api.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random sets against the naive model: a hash set of single transactions. */
class GtidSetPropertyTest {
    private static final int ROUNDS = 1_500;
    private static final List<String> MYSQL_SOURCES = List.of(
            "00000000-0000-0000-0000-00000000000a:",
            "00000000-0000-0000-0000-00000000000a:tag:",
            "00000000-0000-0000-0000-00000000000a:zag:",
            "f0000000-0000-0000-f000-00000000000b:",
            "f0000000-0000-0000-f000-00000000000b:_x:");
    private static final List<String> MARIADB_SOURCES = List.of("0-7-", "3-7-", "20-7-");

    /** The same set twice: as the naive model and as ours, read from a shuffled text. */
    private record Pair(Set<String> model, GtidSet set) {}

    private static Pair random(Random random, boolean mariaDb) {
        List<String> sources = mariaDb ? MARIADB_SOURCES : MYSQL_SOURCES;
        Set<String> model = new HashSet<>();
        List<String> items = new ArrayList<>();
        int ranges = random.nextInt(8);
        for (int i = 0; i < ranges; i++) {
            String source = sources.get(random.nextInt(sources.size()));
            int first = 1 + random.nextInt(25);
            int last = first + random.nextInt(6);
            for (int n = first; n <= last; n++) {
                model.add(source + n);
            }
            items.add(source + first + (mariaDb ? ".." : "-") + last);
        }
        return new Pair(model, GtidSet.parse(String.join(",", items)));
    }

    /** The model's own canonical text, made the slow way. */
    private static GtidSet ours(Set<String> model) {
        List<String> items = new ArrayList<>(model);
        Collections.sort(items);
        List<String> ranges = new ArrayList<>();
        for (String item : items) {
            boolean mariaDb = !item.contains(":");
            int cut = mariaDb ? item.lastIndexOf('-') : item.lastIndexOf(':');
            ranges.add(mariaDb ? item + ".." + item.substring(cut + 1) : item);
        }
        return GtidSet.parse(String.join(",", ranges));
    }

    private static Set<String> plus(Set<String> a, Set<String> b) {
        Set<String> result = new HashSet<>(a);
        result.addAll(b);
        return result;
    }

    private static Set<String> without(Set<String> a, Set<String> b) {
        Set<String> result = new HashSet<>(a);
        result.removeAll(b);
        return result;
    }

    private static Set<String> both(Set<String> a, Set<String> b) {
        Set<String> result = new HashSet<>(a);
        result.retainAll(b);
        return result;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void agreesWithTheNaiveModel(boolean mariaDb) {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            Pair a = random(random, mariaDb);
            Pair b = random(random, mariaDb);
            String why = "seed " + seed + ": " + a.set + " and " + b.set;

            assertThat(a.set.union(b.set)).as(why).isEqualTo(ours(plus(a.model, b.model)));
            assertThat(a.set.minus(b.set)).as(why).isEqualTo(ours(without(a.model, b.model)));
            assertThat(a.set.intersection(b.set)).as(why).isEqualTo(ours(both(a.model, b.model)));
            assertThat(a.set.contains(b.set)).as(why).isEqualTo(a.model.containsAll(b.model));
            assertThat(a.set.isSubsetOf(b.set)).as(why).isEqualTo(b.model.containsAll(a.model));
            assertThat(a.set.intersects(b.set)).as(why).isEqualTo(!Collections.disjoint(a.model, b.model));
            assertThat(a.set.count()).as(why).isEqualTo(a.model.size());
            assertThat(a.set.isEmpty()).as(why).isEqualTo(a.model.isEmpty());
            assertThat(a.set.equals(b.set)).as(why).isEqualTo(a.model.equals(b.model));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void obeysTheLawsOfSets(boolean mariaDb) {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            GtidSet a = random(random, mariaDb).set;
            GtidSet b = random(random, mariaDb).set;
            GtidSet c = random(random, mariaDb).set;
            String why = "seed " + seed + ": " + a + " and " + b + " and " + c;

            assertThat(a.union(b)).as(why).isEqualTo(b.union(a)).hasSameHashCodeAs(b.union(a));
            assertThat(a.union(b).union(c)).as(why).isEqualTo(a.union(b.union(c)));
            assertThat(a.union(a)).as(why).isEqualTo(a);
            assertThat(a.intersection(a)).as(why).isEqualTo(a);
            assertThat(a.minus(a)).as(why).isEqualTo(GtidSet.empty());
            assertThat(a.minus(b).union(a.intersection(b))).as(why).isEqualTo(a);
            assertThat(a.minus(b).intersects(b)).as(why).isFalse();
            assertThat(a.minus(b.union(c))).as(why).isEqualTo(a.minus(b).minus(c));
            assertThat(a.intersection(b.union(c)))
                    .as(why)
                    .isEqualTo(a.intersection(b).union(a.intersection(c)));
            assertThat(a.contains(b) && b.contains(a)).as(why).isEqualTo(a.equals(b));
            assertThat(a.union(b).count())
                    .as(why)
                    .isEqualTo(a.count() + b.count() - a.intersection(b).count());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void printsCanonically(boolean mariaDb) {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            Pair a = random(random, mariaDb);
            GtidSet read = GtidSet.parse(a.set.toString());

            assertThat(read).as("seed " + seed).isEqualTo(a.set);
            assertThat(read.toString()).as("seed " + seed).isEqualTo(a.set.toString());
            assertThat(ours(a.model).toString()).as("seed " + seed).isEqualTo(a.set.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void treatsMariaDbPositionsAsMaximumPerDomain(int servers) {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            TreeMap<Integer, Integer> a = randomPosition(random);
            TreeMap<Integer, Integer> b = randomPosition(random);
            GtidSet setA = position(a, random, servers);
            GtidSet setB = position(b, random, servers);
            String why = "seed " + seed + ": " + setA + " and " + setB;
            TreeMap<Integer, Integer> max = new TreeMap<>(a);
            b.forEach((domain, sequence) -> max.merge(domain, sequence, Math::max));

            assertThat(setA.union(setB)).as(why).isEqualTo(position(max, random, servers));
            assertThat(setA.union(setB).toString()).as(why).doesNotContain("..");
            boolean ahead = a.entrySet().stream().anyMatch(e -> e.getValue() > b.getOrDefault(e.getKey(), 0));
            assertThat(setB.contains(setA)).as(why).isEqualTo(!ahead);
            assertThat(setA.minus(setB).isEmpty()).as(why).isEqualTo(!ahead);
            assertThat(setB.union(setA.minus(setB))).as(why).isEqualTo(setA.union(setB));
            assertThat(setA.union(setB).toString())
                    .as(why)
                    .isEqualTo(setB.union(setA).toString());
        }
    }

    private static TreeMap<Integer, Integer> randomPosition(Random random) {
        TreeMap<Integer, Integer> position = new TreeMap<>();
        int domains = random.nextInt(4);
        for (int i = 0; i < domains; i++) {
            position.put(random.nextInt(5), 1 + random.nextInt(20));
        }
        return position;
    }

    private static GtidSet position(TreeMap<Integer, Integer> position, Random random, int servers) {
        List<String> items = new ArrayList<>();
        position.forEach((domain, sequence) -> items.add(domain + "-" + random.nextInt(servers) + "-" + sequence));
        return GtidSet.parse(String.join(",", items));
    }
}
