package dev.orchestrator.testkit.internal.fetch;

import dev.orchestrator.testkit.server.TestkitException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Our own libaio.so.1 and libnuma.so.1 for machines that lack them: enough for a server with innodb_use_native_aio=0,
 * which calls nothing in them for real work. Source and how they are built: {@code src/main/native}.
 */
final class StandInLibraries {
    /** The libraries there are stand-ins for. */
    static final Set<String> NAMES = Set.of("libaio.so.1", "libnuma.so.1");

    private static final String RESOURCES = "/dev/orchestrator/testkit/native/";

    private final Cache cache;

    StandInLibraries(Cache cache) {
        this.cache = cache;
    }

    /** A folder that holds just the stand-in of that name, to be put on the library path. */
    Path folderOf(String library) {
        byte[] bytes = read(library);
        String name = "stand-in-" + library.substring(0, library.indexOf('.'));
        return cache.folder(
                name + "-" + Hashes.shortHash(java.util.HexFormat.of().formatHex(bytes)),
                folder -> Files.write(folder.resolve(library), bytes));
    }

    private static byte[] read(String library) {
        try (InputStream in = StandInLibraries.class.getResourceAsStream(RESOURCES + library)) {
            if (in == null) {
                throw new TestkitException("the testkit's jar lacks its resource " + RESOURCES + library);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new TestkitException("cannot read " + RESOURCES + library + ": " + e.getMessage(), e);
        }
    }
}
