package dev.orchestrator.engine.internal.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The arithmetic of {@link GtidSet} against the server's own functions, on random sets. */
@RealServers
abstract class GtidArithmeticContract {
    private static final int CASES = 400;
    private static final List<String> SOURCES = List.of(
            "00000000-0000-0000-0000-000000000001",
            "3e11fa47-71ca-11e1-9e33-c80aa9429562",
            "ffffffff-ffff-ffff-ffff-fffffffffff0");

    abstract MysqldExtension mysqld();

    /** Tags exist since 8.3. */
    abstract List<String> tags();

    @Test
    void agreesWithTheServer() throws SQLException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Connection connection = mysqld().server().connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < CASES; i++) {
                String a = randomSet(random);
                String b = randomSet(random);
                GtidSet left = GtidSet.parse(a);
                GtidSet right = GtidSet.parse(b);
                String sql = "SELECT GTID_SUBTRACT('" + a + "','" + b + "'), GTID_SUBSET('" + a + "','" + b
                        + "'), GTID_SUBTRACT('" + a + "," + b + "','')";
                try (ResultSet row = statement.executeQuery(sql)) {
                    row.next();
                    String context = "seed " + seed + ": " + a + " and " + b;
                    assertThat(GtidSet.parse(row.getString(1))).as(context).isEqualTo(left.minus(right));
                    assertThat(left.minus(right).toString())
                            .as(context)
                            .isEqualTo(row.getString(1).replace("\n", "").replace(" ", ""));
                    assertThat(left.isSubsetOf(right)).as(context).isEqualTo(row.getBoolean(2));
                    assertThat(left.union(right)).as(context).isEqualTo(GtidSet.parse(row.getString(3)));
                }
            }
        }
    }

    private String randomSet(Random random) {
        List<String> parts = new ArrayList<>();
        for (String source : SOURCES) {
            if (random.nextInt(4) > 0) {
                StringBuilder part = new StringBuilder(source);
                appendIntervals(part, random);
                for (String tag : tags()) {
                    if (random.nextBoolean()) {
                        part.append(':').append(tag);
                        appendIntervals(part, random);
                    }
                }
                parts.add(part.toString());
            }
        }
        return String.join(",", parts);
    }

    private static void appendIntervals(StringBuilder part, Random random) {
        for (int i = 0; i <= random.nextInt(4); i++) {
            int from = 1 + random.nextInt(40);
            part.append(':').append(from);
            if (random.nextBoolean()) {
                part.append('-').append(from + random.nextInt(15));
            }
        }
    }
}
