package dev.orchestrator.testkit.internal;

import dev.orchestrator.testkit.internal.fetch.FileTrees;
import dev.orchestrator.testkit.internal.fetch.ServerDistribution;
import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.TestkitException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server process of this machine. */
final class BinaryServer implements ServerHandle {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(10);

    /** Somebody else took the port between our look and the server's bind. */
    static final class PortTaken extends TestkitException {
        private static final long serialVersionUID = 1;

        PortTaken(String message) {
            super(message);
        }
    }

    private final ServerDistribution distribution;
    private final MyCnf.Place place;
    private volatile @Nullable WatchedProcess process;

    BinaryServer(ServerDistribution distribution, MyCnf.Place place) {
        this.distribution = distribution;
        this.place = place;
    }

    @Override
    public int port() {
        return place.port();
    }

    @Override
    public long pid() {
        return running().pid();
    }

    @Override
    public boolean isRunning() {
        WatchedProcess current = process;
        return current != null && current.isAlive();
    }

    @Override
    public void configure(ServerOptions options) {
        try {
            Files.writeString(place.file(), MyCnf.text(options, place));
        } catch (IOException e) {
            throw new TestkitException("cannot write " + place.file() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void startAgain() {
        if (isRunning()) {
            throw new TestkitException("cannot start " + describe() + ": it is running");
        }
        try {
            for (String leftover : List.of("s.sock", "s.sock.lock", "pid")) {
                Files.deleteIfExists(place.folder().resolve(leftover));
            }
            long logStart = Files.exists(place.errorLog()) ? Files.size(place.errorLog()) : 0;
            WatchedProcess started = WatchedProcess.start(new WatchedProcess.Start(
                    distribution.command("--defaults-file=" + place.file(), List.of()),
                    distribution.environment(),
                    place.folder(),
                    place.errorLog()));
            process = started;
            awaitReady(started, logStart);
        } catch (IOException e) {
            throw new TestkitException("cannot start " + describe() + ": " + e.getMessage(), e);
        }
    }

    private void awaitReady(WatchedProcess started, long logStart) throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            boolean ended = started.awaitEnd(POLL);
            String log = logFrom(logStart);
            if (ended) {
                throw failure("ended at once", log);
            }
            if (log.contains("ready for connections")) {
                return;
            }
            if (System.nanoTime() > deadline) {
                started.kill();
                throw failure("was not ready within " + START_LIMIT.toSeconds() + " s", log);
            }
        }
    }

    private TestkitException failure(String what, String log) {
        String message = describe() + " " + what + "; its error log says:\n" + essenceOf(log);
        return log.contains("Can't start server: Bind on TCP/IP port") || log.contains("Address already in use")
                ? new PortTaken(message)
                : new TestkitException(message);
    }

    /** The errors, or where there are none the end. */
    private static String essenceOf(String log) {
        List<String> lines = log.lines().toList();
        List<String> errors =
                lines.stream().filter(line -> line.contains("[ERROR]")).toList();
        List<String> chosen = errors.isEmpty() ? lines : errors;
        return String.join("\n", chosen.subList(Math.max(0, chosen.size() - 8), chosen.size()));
    }

    private String logFrom(long start) throws IOException {
        if (!Files.exists(place.errorLog())) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(place.errorLog().toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.max(0, file.length() - start)];
            file.seek(start);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    @Override
    public synchronized void stop(Duration limit) {
        WatchedProcess current = running();
        current.terminate();
        if (!current.awaitEnd(limit)) {
            throw new TestkitException(describe() + " did not end within " + limit.toSeconds() + " s of SIGTERM");
        }
    }

    @Override
    public void kill() {
        running().kill();
    }

    @Override
    public void freeze() {
        running().signal("STOP");
    }

    @Override
    public void thaw() {
        running().signal("CONT");
    }

    @Override
    public Path dataDir() {
        return place.data();
    }

    @Override
    public List<String> errorLog() {
        return linesOf(place.errorLog());
    }

    @Override
    public List<String> generalLog() {
        return linesOf(place.generalLog());
    }

    private static List<String> linesOf(Path log) {
        try {
            // Not Files.readAllLines: statements in the log may hold bytes that are not UTF-8.
            return Files.exists(log)
                    ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                            .lines()
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new TestkitException("cannot read " + log + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void discard() {
        WatchedProcess current = process;
        if (current != null && current.isAlive()) {
            current.kill();
        }
        FreePorts.release(place.port());
        try {
            FileTrees.delete(place.folder());
        } catch (IOException e) {
            throw new TestkitException("cannot remove " + place.folder() + ": " + e.getMessage(), e);
        }
    }

    private WatchedProcess running() {
        WatchedProcess current = process;
        if (current == null || !current.isAlive()) {
            throw new TestkitException(describe() + " is not running");
        }
        return current;
    }

    private String describe() {
        return "the " + distribution.serverPackage().id() + " server on 127.0.0.1:" + place.port();
    }
}
