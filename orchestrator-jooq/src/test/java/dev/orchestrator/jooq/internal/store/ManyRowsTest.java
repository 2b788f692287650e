package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.INSTANCE_NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;

import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ManyRowsTest {
    /** What is put together from one and two rows is what jOOQ itself lays out for five. */
    @ParameterizedTest
    @EnumSource(
            value = SQLDialect.class,
            names = {"MYSQL", "MARIADB", "SQLITE"})
    void repeatsTheRowAsJooqWould(SQLDialect dialect) {
        DSLContext c = DSL.using(dialect);
        assertThat(new ManyRows(rows -> layout(c, rows)).sql(5))
                .isEqualTo(layout(c, 5).getSQL())
                .contains("?")
                .contains("now");
        assertThat(new ManyRows(rows -> layout(c, rows)).sql(1))
                .isEqualTo(layout(c, 1).getSQL());
    }

    private static Query layout(DSLContext c, int rows) {
        var insert =
                c.insertInto(INSTANCE_NAME, INSTANCE_NAME.HOSTNAME, INSTANCE_NAME.PORT, INSTANCE_NAME.TARGET_HOSTNAME);
        for (int i = 0; i < rows; i++) {
            insert = insert.values(val(""), val(0), inline("now"));
        }
        return insert.onDuplicateKeyUpdate()
                .set(INSTANCE_NAME.TARGET_HOSTNAME, excluded(INSTANCE_NAME.TARGET_HOSTNAME));
    }
}
