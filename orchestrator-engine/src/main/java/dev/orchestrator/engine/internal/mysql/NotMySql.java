package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Looks at what a port says of its own accord, when the driver could make nothing of it. */
final class NotMySql {
    private static final int SEEN_BYTES = 60;
    private static final Duration LOOK = Duration.ofMillis(300);

    private NotMySql() {}

    /** The failure itself, or a better one if what listens there turns out to be no MySQL server. */
    static ServerFailure explain(InstanceKey key, InetAddress address, ServerFailure failure, Deadline deadline) {
        boolean unclear = switch (failure.kind()) {
            case NOT_MYSQL, CONNECTION_LOST, TIMEOUT, REFUSED -> true;
            case UNRESOLVABLE, ACCESS_DENIED, TOO_MANY_CONNECTIONS, STATEMENT_REFUSED -> false;
        };
        if (!unclear) {
            return failure;
        }
        byte[] seen = firstBytes(address, key.port(), new Deadline(deadline.ticker(), deadline.nanos()));
        if (seen.length == 0 || isGreeting(seen)) {
            return failure;
        }
        return new ServerFailure(
                Kind.NOT_MYSQL,
                "what answers at " + key + " is no MySQL server: it begins with '" + printable(seen) + "'",
                failure);
    }

    private static byte[] firstBytes(InetAddress address, int port, Deadline deadline) {
        // A port that said nothing for the whole time will say nothing now; only what is left is spent on looking.
        int millis = deadline.passed() ? 50 : deadline.atMost(LOOK).remainingMillis();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), millis);
            socket.setSoTimeout(millis);
            byte[] buffer = new byte[SEEN_BYTES];
            int length = socket.getInputStream().read(buffer);
            return length <= 0 ? new byte[0] : java.util.Arrays.copyOf(buffer, length);
        } catch (IOException e) {
            // It says nothing, so there is nothing to add to the failure we came with.
            return new byte[0];
        }
    }

    /** A packet of sensible length with number 0 whose first byte is protocol version 10, or an error. */
    private static boolean isGreeting(byte[] seen) {
        if (seen.length < 5) {
            return false;
        }
        int length = (seen[0] & 0xff) | (seen[1] & 0xff) << 8 | (seen[2] & 0xff) << 16;
        int first = seen[4] & 0xff;
        return length < 2048 && seen[3] == 0 && (first == 10 || first == 0xff);
    }

    private static String printable(byte[] seen) {
        StringBuilder shown = new StringBuilder();
        for (byte b : seen) {
            shown.append(b >= 32 && b < 127 ? (char) b : '.');
        }
        return shown.toString();
    }
}
