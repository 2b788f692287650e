package dev.orchestrator.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GtidSetTest {
    private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final String B = "9e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final String SHORT_A = "aaaaaaaa-0000-0000-0000-000000000000";

    private static GtidSet set(String text) {
        return GtidSet.parse(text.replace("A", A).replace("B", B));
    }

    private static String text(GtidSet set) {
        return set.toString().replace(A, "A").replace(B, "B");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                          | ''
                    ' , ,, '                    | ''
                    A:1                         | A:1
                    A:1-1                       | A:1
                    A:1-5:7                     | A:1-5:7
                    A:7:1-5                     | A:1-5:7
                    A:6-9:1-5                   | A:1-9
                    A:1-5:3-4:5-8               | A:1-8
                    A:1:2:3:5                   | A:1-3:5
                    B:1,A:2                     | A:2,B:1
                    A:1,B:1,A:2-3,              | A:1-3,B:1
                    ' A : 1 - 5 : 7 , B:1'      | A:1-5:7,B:1
                    A:007                       | A:7
                    A:1-9223372036854775806     | A:1-9223372036854775806
                    A:tag:1                     | A:tag:1
                    A:1-3:tag:1-5               | A:1-3:tag:1-5
                    A:TaG_1:1-5:7:b:2:1         | A:b:1-2:tag_1:1-5:7
                    A:z:1,A:1,A:a:1,B:2         | A:1:a:1:z:1,B:2
                    A:tag:1-3,A:tag:4           | A:tag:1-4
                    A:_:1                       | A:_:1
                    A: tag : 1                  | A:tag:1
                    """)
    void readsMySqlSetsAndPrintsThemAsTheServerDoes(String given, String canonical) {
        assertThat(text(set(given))).isEqualTo(canonical);
    }

    @Test
    void readsUpperCaseAndLineBreaksBetweenUuids() {
        String printed = (A + ":1-5").toUpperCase(Locale.ROOT) + ",\r\n\t" + B + ":1\n";

        assertThat(GtidSet.parse(printed)).hasToString(A + ":1-5," + B + ":1");
    }

    @Test
    void sortsUuidsAsTextEvenWhereTheirHighestBitIsSet() {
        String high = "f0000000-0000-0000-f000-000000000000";
        String low = "f0000000-0000-0000-1000-000000000000";

        assertThat(GtidSet.parse(high + ":1," + low + ":1," + A + ":1"))
                .hasToString(A + ":1," + low + ":1," + high + ":1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0-1-100            | 0-1-100
                    0-1-100,1-2-7      | 0-1-100,1-2-7
                    10-1-1, 9-1-1 ,    | 9-1-1,10-1-1
                    0-1-5,0-2-3        | 0-1-5
                    0-2-3,0-1-5        | 0-1-5
                    0-1-0              | ''
                    0-1-4..7           | 0-1-4..7
                    0-1-1..7           | 0-1-7
                    0-1-2,0-1-5..6     | 0-1-2,0-1-5..6
                    4294967295-4294967295-9223372036854775807 | 4294967295-4294967295-9223372036854775807
                    12345678-1234-1    | 12345678-1234-1
                    """)
    void readsMariaDbPositions(String given, String canonical) {
        assertThat(text(set(given))).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    garbage            | saw 'garbage' at offset 0, expected a UUID
                    'A:1, ?'           | saw '?' at offset 40, expected a UUID
                    A                  | saw the end of the text at offset 36, expected ':' and an interval after the UUID
                    A:                 | saw the end of the text at offset 37, expected a transaction number
                    A:1:               | saw the end of the text at offset 39, expected a transaction number
                    A::1               | saw ':1' at offset 37, expected a transaction number
                    A:0                | saw '0' at offset 37, expected a transaction number or an interval such as 1-5 from 1 to
                    A:-1               | saw '-1' at offset 37, expected a transaction number
                    A:1-               | saw the end of the text at offset 39, expected the last transaction number
                    A:1-x              | saw 'x' at offset 39, expected the last transaction number
                    A:5-3              | saw '5-3' at offset 37, expected an interval that does not end before it begins
                    A:1 2              | saw '2' at offset 39, expected ':', ',' or the end
                    A:1;B:1            | saw ';9e11fa47-71ca-11e1-9e33...' at offset 38, expected ':', ',' or the end
                    A:9223372036854775807 | saw '9223372036854775807' at offset 37, expected a transaction number
                    A:99999999999999999999999 | at offset 37, expected a transaction number or an interval such as 1-5 from 1 to 922
                    A:tag              | saw the end of the text at offset 40, expected ':' and an interval after the tag
                    A:tag:             | saw the end of the text at offset 41, expected a transaction number
                    A:tag:other:1      | saw 'other:1' at offset 41, expected a transaction number
                    A:1tag:1           | saw 'tag:1' at offset 38, expected ':', ',' or the end
                    A:t-g:1            | saw '-g:1' at offset 38, expected ':' and an interval after the tag
                    A:a23456789012345678901234567890123:1 | at offset 37, expected a tag of at most 32 characters
                    3e11fa47-71ca      | saw '3e11fa47-71ca' at offset 0, expected a UUID
                    3e11fa47-71ca-11e1-9e33-c80aa942956g:1 | at offset 0, expected a UUID
                    0-1                | saw the end of the text at offset 3, expected '-' and a sequence number
                    0-                 | saw the end of the text at offset 2, expected a server number
                    0-1-               | saw the end of the text at offset 4, expected a sequence number
                    0-1--5             | saw '-5' at offset 4, expected a sequence number
                    0-1-5-6            | saw '-6' at offset 5, expected ',' or the end
                    0-1-18446744073709551615 | at offset 4, expected a sequence number from 0 to 9223372036854775807
                    4294967296-1-1     | at offset 0, expected a domain number from 0 to 4294967295
                    0-4294967296-1     | at offset 2, expected a server number from 0 to 4294967295
                    0-1-7..3           | saw '7..3' at offset 4, expected an interval that does not end
                    0-1-0..3           | saw '0..3' at offset 4, expected a first sequence number of at least 1
                    0-1-5..            | saw the end of the text at offset 7, expected the last sequence number
                    A:1,0-1-5          | saw '0-1-5' at offset 39, expected another item of MySQL as before
                    0-1-5,A:1          | at offset 6, expected another item of MariaDB as before
                    """)
    void refusesWhatIsNoGtidSetNamingSeenPlaceAndExpected(String given, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> set(given))
                .withMessageStartingWith("not a GTID set: ")
                .withMessageContaining(message);
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNullByName() {
        assertThatNullPointerException().isThrownBy(() -> GtidSet.parse(null)).withMessage("text");
    }

    @Test
    void keepsMessagesShortAndOnOneLine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GtidSet.parse("x\ny".repeat(100_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200).doesNotContain("\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    A:1-5      | A:4-9         | A:1-9         | A:1-3     | A:4-5
                    A:1-5      | ''            | A:1-5         | A:1-5     | ''
                    ''         | A:1-5         | A:1-5         | ''        | ''
                    A:1-5      | B:1-5         | A:1-5,B:1-5   | A:1-5     | ''
                    A:1-9      | A:3-4:6       | A:1-9         | A:1-2:5:7-9 | A:3-4:6
                    A:1-2:5-6  | A:3-4         | A:1-6         | A:1-2:5-6 | ''
                    A:1-3:8-9  | A:2-8         | A:1-9         | A:1:9     | A:2-3:8
                    A:1-3,B:1  | A:1-3         | A:1-3,B:1     | B:1       | A:1-3
                    A:1-5      | A:tag:1-5     | A:1-5:tag:1-5 | A:1-5     | ''
                    A:1:t:1-5  | A:t:2-3       | A:1:t:1-5     | A:1:t:1:4-5 | A:t:2-3
                    A:1-9223372036854775806 | A:1-9223372036854775805 | A:1-9223372036854775806 | A:9223372036854775806 | A:1-9223372036854775805
                    0-1-5      | 0-2-9         | 0-2-9         | ''        | 0-1-5
                    0-2-9      | 0-1-5         | 0-2-9         | 0-2-6..9  | 0-1-5
                    0-1-5      | 0-2-5         | 0-2-5         | ''        | 0-2-5
                    0-1-5,1-1-3 | 0-1-6,2-1-1  | 0-1-6,1-1-3,2-1-1 | 1-1-3 | 0-1-5
                    0-1-9223372036854775807 | 0-1-1 | 0-1-9223372036854775807 | 0-1-2..9223372036854775807 | 0-1-1
                    """)
    void unitesSubtractsAndIntersects(String a, String b, String union, String minus, String intersection) {
        assertThat(text(set(a).union(set(b)))).as("union").isEqualTo(union);
        assertThat(text(set(b).union(set(a)))).as("union the other way").isEqualTo(union);
        assertThat(text(set(a).minus(set(b)))).as("minus").isEqualTo(minus);
        assertThat(text(set(a).intersection(set(b)))).as("intersection").isEqualTo(intersection);
        assertThat(text(set(b).intersection(set(a))))
                .as("intersection the other way")
                .isEqualTo(intersection);
        assertThat(set(a).intersects(set(b))).as("intersects").isEqualTo(!intersection.isEmpty());
        assertThat(set(a).contains(set(b))).as("contains").isEqualTo(set(a).equals(set(union)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                      | 0
                    A:1-5:7,B:t:1           | 7
                    A:1-9223372036854775806 | 9223372036854775806
                    A:1-9223372036854775806,B:1-9223372036854775806 | 9223372036854775807
                    0-1-9223372036854775807 | 9223372036854775807
                    0-1-100,1-1-1           | 101
                    """)
    void countsTransactionsWithoutOverflow(String given, long count) {
        assertThat(set(given).count()).isEqualTo(count);
        assertThat(set(given).isEmpty()).isEqualTo(count == 0);
    }

    @Test
    void findsTheErrantTransactionsOfAReplica() {
        GtidSet primary = set("A:1-100");
        GtidSet replica = set("A:1-99,B:1-2:oops:7");

        assertThat(text(replica.minus(primary))).isEqualTo("B:1-2:oops:7");
        assertThat(replica.minus(primary).withoutSource(A)).isEqualTo(set("B:1-2:oops:7"));
        assertThat(replica.minus(primary).withoutSource(B.toUpperCase(Locale.ROOT)))
                .isEqualTo(GtidSet.empty());
    }

    @Test
    void selectsBySource() {
        GtidSet both = set("A:1:t:1,B:1");

        assertThat(both.sources()).containsExactly(A, B);
        assertThat(text(both.retainSources(List.of(A.toUpperCase(Locale.ROOT)))))
                .isEqualTo("A:1:t:1");
        assertThat(both.retainSources(List.of())).isEqualTo(GtidSet.empty());
        assertThat(both.retainSources(both.sources())).isEqualTo(both);
        assertThat(set("0-1-5,10-1-7").sources()).containsExactly("0", "10");
        assertThat(set("0-1-5,10-1-7").withoutSource("0")).hasToString("10-1-7");
    }

    @Test
    void refusesToCombineMySqlWithMariaDb() {
        GtidSet mysql = set("A:1-5,B:1");
        GtidSet mariaDb = set("0-1-5");
        String message = "cannot combine a GTID set of MySQL (" + A + ":1-5...) with one of MariaDB (0-1-5)";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> mysql.union(mariaDb))
                .withMessageContaining(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mysql.minus(mariaDb))
                .withMessageContaining(message);
        assertThatIllegalArgumentException().isThrownBy(() -> mysql.intersection(mariaDb));
        assertThatIllegalArgumentException().isThrownBy(() -> mysql.intersects(mariaDb));
        assertThatIllegalArgumentException().isThrownBy(() -> mysql.contains(mariaDb));
        assertThatIllegalArgumentException().isThrownBy(() -> mariaDb.isSubsetOf(mysql));
        assertThat(mysql).isNotEqualTo(mariaDb);
    }

    @Test
    void treatsTheEmptySetAsNeutralForBothKinds() {
        for (GtidSet any : List.of(set("A:1"), set("0-1-5"), GtidSet.empty())) {
            assertThat(any.union(GtidSet.empty())).isEqualTo(any);
            assertThat(any.minus(GtidSet.empty())).isEqualTo(any);
            assertThat(any.contains(GtidSet.empty())).isTrue();
            assertThat(GtidSet.empty().contains(any)).isEqualTo(any.isEmpty());
            assertThat(any.intersects(GtidSet.empty())).isFalse();
        }
        assertThat(GtidSet.empty().isMariaDb()).isFalse();
        assertThat(set("0-1-5").isMariaDb()).isTrue();
    }

    @Test
    void leavesMariaDbServersOutOfEqualityButReportsDivergence() {
        GtidSet left = set("0-1-5,1-1-1");
        GtidSet right = set("0-2-5,1-1-1");

        assertThat(left).isEqualTo(right).hasSameHashCodeAs(right);
        assertThat(left.divergesFrom(right)).isTrue();
        assertThat(left.divergesFrom(left)).isFalse();
        assertThat(left.divergesFrom(set("0-2-6"))).isFalse();
        assertThat(set("A:1").divergesFrom(set("A:1"))).isFalse();
    }

    @Test
    void handlesAHundredThousandIntervalsGivenBackwards() {
        int n = 100_000;
        StringBuilder odd = new StringBuilder(SHORT_A);
        StringBuilder even = new StringBuilder(SHORT_A);
        for (int i = n; i >= 1; i--) {
            odd.append(':').append(2 * i - 1);
            even.append(':').append(2 * i);
        }
        GtidSet odds = GtidSet.parse(odd.toString());
        GtidSet evens = GtidSet.parse(even.toString());
        GtidSet all = GtidSet.parse(SHORT_A + ":1-" + 2 * n);

        assertThat(odds.count()).isEqualTo(n);
        assertThat(odds.union(evens)).isEqualTo(all).hasToString(SHORT_A + ":1-" + 2 * n);
        assertThat(all.minus(evens)).isEqualTo(odds);
        assertThat(odds.minus(evens)).isEqualTo(odds);
        assertThat(odds.intersects(evens)).isFalse();
        assertThat(all.intersection(odds)).isEqualTo(odds);
        assertThat(all.contains(odds)).isTrue();
        assertThat(odds.contains(all)).isFalse();
        assertThat(GtidSet.parse(odds.toString())).isEqualTo(odds);
    }
}
