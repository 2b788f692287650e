package dev.orchestrator.testkit.internal;

import dev.orchestrator.testkit.server.TestkitException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports on 127.0.0.1. They are taken from below the range the kernel gives to outgoing connections: a server that
 * was killed must find its port free again when it is restarted.
 */
public final class FreePorts {
    private static final int LOWEST = 10_240;
    private static final Path EPHEMERAL = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final Set<Integer> GIVEN = new HashSet<>();

    private FreePorts() {}

    /** A port that nobody listens on and that was not given out before by this JVM. */
    public static synchronized int free() {
        int end = lowestEphemeral();
        for (int i = 0; i < 1000; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, end);
            if (!GIVEN.contains(port) && isFree(port)) {
                GIVEN.add(port);
                return port;
            }
        }
        throw new TestkitException("no free port between " + LOWEST + " and " + end + " on 127.0.0.1");
    }

    /** The port may be given out again. */
    public static synchronized void release(int port) {
        GIVEN.remove(port);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int lowestEphemeral() {
        // In one read: the kernel gives such a file once, and Files.readString begins with a single byte.
        try (BufferedReader range = Files.newBufferedReader(EPHEMERAL)) {
            int lowest =
                    Integer.parseInt(String.valueOf(range.readLine()).strip().split("\\s+", 2)[0]);
            return lowest > LOWEST + 1000 ? lowest : 65_536;
        } catch (IOException | NumberFormatException e) {
            return 32_768;
        }
    }
}
