package dev.orchestrator.jooq.internal.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.IntFunction;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.conf.ParamType;
import org.jspecify.annotations.Nullable;

/**
 * An INSERT of any number of rows that is laid out by jOOQ once and then only repeated: laying out hundreds of rows each
 * second would cost most of a flush, and beyond 999 values jOOQ would write them into the text for SQLite.
 */
final class ManyRows {
    private final IntFunction<Query> layout;
    /** Learned at the first use: most commands write nothing of the kind. */
    private volatile @Nullable Learned learned;

    /**
     * Remembers who knows the layout.
     *
     * @param layout gives the statement for so many rows; the values it is given do not matter
     */
    ManyRows(IntFunction<Query> layout) {
        this.layout = layout;
    }

    private record Learned(String before, String furtherRow, String after) {
        static Learned from(IntFunction<Query> layout) {
            String one = layout.apply(1).getSQL(ParamType.INDEXED);
            String two = layout.apply(2).getSQL(ParamType.INDEXED);
            int end = 0;
            while (end < one.length() && one.charAt(end) == two.charAt(end)) {
                end++;
            }
            return new Learned(
                    one.substring(0, end), two.substring(end, end + two.length() - one.length()), one.substring(end));
        }
    }

    /** The statement for so many rows. */
    String sql(int rows) {
        Learned parts = learned;
        if (parts == null) {
            parts = Learned.from(layout);
            learned = parts;
        }
        return parts.before() + parts.furtherRow().repeat(rows - 1) + parts.after();
    }

    /** Runs it; each row has the values of the layout's parameters in their order. */
    int execute(DSLContext c, List<@Nullable Object[]> rows) {
        return c.connectionResult(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql(rows.size()))) {
                bind(statement, rows);
                return statement.executeUpdate();
            }
        });
    }

    private static void bind(PreparedStatement statement, List<@Nullable Object[]> rows) throws SQLException {
        int i = 1;
        for (@Nullable Object[] row : rows) {
            for (Object value : row) {
                statement.setObject(i++, value);
            }
        }
    }
}
