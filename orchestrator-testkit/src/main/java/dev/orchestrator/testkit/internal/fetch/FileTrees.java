package dev.orchestrator.testkit.internal.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copying and deleting of whole folders. */
public final class FileTrees {
    private static final int BLOCK = 1 << 16;

    private FileTrees() {}

    /** Deletes a folder and everything in it; nothing happens when it is not there. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e) throws IOException {
                Files.deleteIfExists(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Copies a folder, leaving holes where files hold only zeros: a data directory shrinks to less than half. */
    public static void copySparse(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        if (!copyByCp(from, to)) {
            delete(to);
            copyByJava(from, to);
        }
    }

    private static boolean copyByCp(Path from, Path to) throws IOException {
        try {
            return ShellCommands.run(List.of("cp", "-a", "--sparse=always", from.toString(), to.toString()))
                            .exitCode()
                    == 0;
        } catch (ShellCommands.CannotRun e) {
            return false;
        }
    }

    static void copyByJava(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(dir).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path target = to.resolve(from.relativize(file).toString());
                if (attributes.isSymbolicLink()) {
                    Files.copy(file, target, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.REPLACE_EXISTING);
                } else {
                    copyFileSparse(file, target);
                    Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void copyFileSparse(Path from, Path to) throws IOException {
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(
                        to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
            long position = 0;
            while (in.read(buffer) >= 0) {
                buffer.flip();
                int length = buffer.remaining();
                if (isAllZero(buffer)) {
                    out.position(position + length);
                } else {
                    while (buffer.hasRemaining()) {
                        out.write(buffer);
                    }
                }
                position += length;
                buffer.clear();
            }
            if (position > 0 && out.size() < position) {
                out.write(ByteBuffer.wrap(new byte[1]), position - 1);
            }
        }
    }

    private static boolean isAllZero(ByteBuffer buffer) {
        for (int i = buffer.position(); i < buffer.limit(); i++) {
            if (buffer.get(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
