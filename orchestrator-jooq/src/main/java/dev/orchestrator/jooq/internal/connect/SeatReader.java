package dev.orchestrator.jooq.internal.connect;

import static dev.orchestrator.jooq.internal.schema.Tables.LEASE;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.BackendEndpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a server that may hold a copy of the backend, over a connection of its own. */
public final class SeatReader {
    private static final Logger LOG = LoggerFactory.getLogger(SeatReader.class);

    private SeatReader() {}

    /** What is there; empty when nobody answers in time, or who answers has no such schema. */
    public static Optional<BackendEndpoint> read(
            MySqlConnector connector, InstanceKey address, String lease, Duration limit) {
        try (Connection connection = connector.getConnectionTo(address, limit)) {
            boolean mariaDb =
                    connection.getMetaData().getDatabaseProductVersion().contains("MariaDB");
            DSLContext context = DSL.using(
                    connection,
                    mariaDb ? SQLDialect.MARIADB : SQLDialect.MYSQL,
                    new Settings().withRenderSchema(false).withExecuteLogging(false));
            String identity = mariaDb ? "''" : "@@global.server_uuid";
            Record server = context.fetchSingle("select " + identity + ", @@global.read_only");
            Long epoch = context.select(LEASE.EPOCH)
                    .from(LEASE)
                    .where(LEASE.NAME.eq(lease))
                    .fetchOne(LEASE.EPOCH);
            return Optional.of(new BackendEndpoint(
                    address,
                    server.get(0, String.class),
                    server.get(1, Integer.class) == 0,
                    epoch == null ? 0 : epoch));
        } catch (SQLException | DataAccessException e) {
            LOG.atDebug().addKeyValue("backend", address).setCause(e).log("no copy of the backend answers there");
            return Optional.empty();
        }
    }
}
