package dev.orchestrator.testkit.internal.fetch;

import dev.orchestrator.testkit.server.TestkitException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Folders that are made once and then only read, by any number of JVMs at the same time. */
public final class Cache {
    /** Fills an empty folder. */
    public interface Filler {
        void fill(Path folder) throws IOException;
    }

    // FileLock belongs to the JVM, so threads of one JVM need a lock of their own.
    private static final ConcurrentHashMap<Path, Object> LOCKS = new ConcurrentHashMap<>();

    private final Path root;

    public Cache(Path root) {
        this.root = root;
    }

    public Path root() {
        return root;
    }

    /** The folder of that name, filled by {@code filler} if nobody did so before; appears whole or not at all. */
    public Path folder(String name, Filler filler) {
        Path target = root.resolve(name);
        if (Files.isDirectory(target)) {
            return target;
        }
        Path lockFile = root.resolve(name.replace('/', '_') + ".lock");
        synchronized (LOCKS.computeIfAbsent(lockFile, p -> new Object())) {
            try {
                Files.createDirectories(target.getParent());
                try (FileChannel channel =
                                FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        FileLock lock = channel.lock()) {
                    if (lock.isValid() && !Files.isDirectory(target)) {
                        fillAndPublish(target, filler);
                    }
                }
            } catch (IOException e) {
                throw new TestkitException(
                        "cannot make " + target + ": " + e.getMessage()
                                + "; is there room on that disk, and may this user write there?"
                                + " (-Dorchestrator.testkit.cache=FOLDER chooses another place)",
                        e);
            }
        }
        return target;
    }

    private static void fillAndPublish(Path target, Filler filler) throws IOException {
        removeLeftovers(target);
        Path temporary = target.resolveSibling(".tmp-" + target.getFileName() + "-" + UUID.randomUUID());
        Files.createDirectory(temporary);
        try {
            filler.fill(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            FileTrees.delete(temporary);
        }
    }

    /** What a JVM left that died while it filled this folder: we hold the lock, so nobody is at work there. */
    private static void removeLeftovers(Path target) throws IOException {
        try (var leftovers = Files.newDirectoryStream(target.getParent(), ".tmp-" + target.getFileName() + "-*")) {
            for (Path leftover : leftovers) {
                FileTrees.delete(leftover);
            }
        }
    }
}
