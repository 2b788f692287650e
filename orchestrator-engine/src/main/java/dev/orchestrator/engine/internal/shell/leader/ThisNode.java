package dev.orchestrator.engine.internal.shell.leader;

import dev.orchestrator.api.Node;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who this process is among the nodes of a backend. */
public final class ThisNode {
    private static final Logger log = LoggerFactory.getLogger(ThisNode.class);
    private static final Path KERNEL_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final String VERSION = "/dev/orchestrator/engine/version.properties";

    private ThisNode() {}

    /**
     * Describes this process, under a new token.
     *
     * @param name what the node is called; empty for the host's name
     * @param command what it runs
     * @param backend the backend's own description, of which the first word is its kind
     * @param since when it was started
     * @return the node
     */
    public static Node describe(String name, String command, String backend, Instant since) {
        String kind = backend.strip().split("\\s+", 2)[0].toLowerCase(Locale.ROOT);
        String token = UUID.randomUUID().toString().replace("-", "");
        return new Node(name.isBlank() ? hostname() : name, token, version(), command, kind, since, since);
    }

    /**
     * The version of this program.
     *
     * @return as the build named it
     */
    public static String version() {
        try (InputStream in = ThisNode.class.getResourceAsStream(VERSION)) {
            if (in == null) {
                return "unknown";
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the version of this program from " + VERSION, e);
        }
    }

    /** The kernel knows it without asking a name server; others are asked only where there is no such file. */
    private static String hostname() {
        try {
            if (Files.isReadable(KERNEL_NAME)) {
                String name =
                        Files.readString(KERNEL_NAME, StandardCharsets.UTF_8).strip();
                if (!name.isEmpty()) {
                    return name;
                }
            }
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            log.atDebug().setCause(e).log("this host has no name that can be resolved");
            return "localhost";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read this host's name from " + KERNEL_NAME, e);
        }
    }
}
