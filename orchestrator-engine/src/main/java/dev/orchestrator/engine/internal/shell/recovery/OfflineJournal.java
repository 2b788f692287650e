package dev.orchestrator.engine.internal.shell.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a recovery without a backend does, line by line in a file, each line on the disk before the action that it announces.
 * For people: when this process dies before the backend has all of it, the file stays. A disk that does not take it does
 * not stop the recovery. Thread-safe.
 */
final class OfflineJournal implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OfflineJournal.class);

    private final Path file;
    private final InstantSource clock;
    // Guarded by the monitor; null when the file cannot be written.
    private @Nullable FileChannel channel;

    OfflineJournal(Path folder, InstantSource clock) {
        this.file = folder.resolve("backend-recovery-" + clock.millis() + ".log");
        this.clock = clock;
        try {
            Files.createDirectories(folder);
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            lost(e);
        }
    }

    Path file() {
        return file;
    }

    synchronized void write(String kind, String id, String text) {
        FileChannel open = channel;
        if (open == null) {
            return;
        }
        String line = clock.instant() + " " + kind + " " + id + " " + text.replaceAll("\\s+", " ") + "\n";
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                open.write(bytes);
            }
            open.force(false);
        } catch (IOException e) {
            channel = null;
            lost(e);
        }
    }

    private void lost(IOException e) {
        log.atError()
                .addKeyValue("file", file)
                .setCause(e)
                .log("the journal of a recovery without backend cannot be written: it is kept in memory only");
    }

    /** The backend has it all: the file is of no more use. */
    synchronized void remove() {
        close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.atInfo()
                    .addKeyValue("file", file)
                    .setCause(e)
                    .log("a journal that is of no more use cannot be removed");
        }
    }

    @Override
    public synchronized void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                log.atDebug().addKeyValue("file", file).setCause(e).log("the journal was not closed in good order");
            }
        }
    }
}
