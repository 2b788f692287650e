package dev.orchestrator.engine.internal.mysql;

import com.mysql.cj.NativeSession;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.protocol.a.NativeConstants;
import com.mysql.cj.protocol.a.NativeConstants.IntegerDataType;
import com.mysql.cj.protocol.a.NativeConstants.StringLengthDataType;
import com.mysql.cj.protocol.a.NativePacketPayload;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;

/** Registers a connection as a replica, as clients that read the binary log for other purposes do: without a server_uuid. */
final class Registration {
    private Registration() {}

    static void of(Connection connection, int serverId) throws SQLException {
        NativePacketPayload packet = new NativePacketPayload(64);
        packet.writeInteger(IntegerDataType.INT1, NativeConstants.COM_REGISTER_SLAVE);
        packet.writeInteger(IntegerDataType.INT4, serverId);
        for (String text : new String[] {"cdc", "", ""}) {
            packet.writeInteger(IntegerDataType.INT1, text.length());
            packet.writeBytes(StringLengthDataType.STRING_FIXED, text.getBytes(StandardCharsets.US_ASCII));
        }
        packet.writeInteger(IntegerDataType.INT2, 0);
        packet.writeInteger(IntegerDataType.INT4, 0);
        packet.writeInteger(IntegerDataType.INT4, 0);
        NativeSession session =
                (NativeSession) connection.unwrap(JdbcConnection.class).getSession();
        session.getProtocol().sendCommand(packet, false, 0);
    }
}
