package dev.orchestrator.testkit.internal;

import dev.orchestrator.testkit.server.TestkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The folder of this JVM that holds the folders of its servers. A shell that reads from a pipe of ours removes it when
 * the pipe closes, which the kernel does however this JVM ends.
 */
final class RunFolder {
    // A socket path may have 107 bytes; "/s99999/s.sock.lock" comes after this folder.
    private static final int LONGEST = 80;

    // $1: the folder. Servers are killed by shells of their own at the same moment, so removal may need a second try.
    private static final String JANITOR = """
            read -r never; i=0
            while [ -e "$1" ] && [ $i -lt 100 ]; do rm -rf "$1" 2>/dev/null; i=$((i+1)); [ -e "$1" ] && sleep 0.1; done
            exit 0""";

    private static @Nullable RunFolder shared;

    private final Path folder;
    private final Process janitor;
    private final AtomicInteger count = new AtomicInteger();

    private RunFolder(Path folder, Process janitor) {
        this.folder = folder;
        this.janitor = janitor;
    }

    /** The folder of this JVM, made at the first call. */
    static synchronized RunFolder shared() {
        if (shared == null || !shared.janitor.isAlive()) {
            shared = create();
        }
        return shared;
    }

    /** A new empty folder for one server. */
    Path newServerFolder() throws IOException {
        return Files.createDirectories(folder.resolve("s" + count.incrementAndGet()));
    }

    private static RunFolder create() {
        try {
            Path parent = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
            if (parent.toString().length() > LONGEST - 30) {
                parent = Path.of("/tmp");
            }
            Path folder = Files.createTempDirectory(
                    parent, "otk-" + ProcessHandle.current().pid() + "-");
            List<String> command = new ArrayList<>(WatchedProcess.ownSession());
            command.addAll(List.of("/bin/sh", "-c", JANITOR, "otk-janitor", folder.toString()));
            Process janitor = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new RunFolder(folder, janitor);
        } catch (IOException e) {
            throw new TestkitException("cannot make a folder for servers: " + e.getMessage(), e);
        }
    }
}
