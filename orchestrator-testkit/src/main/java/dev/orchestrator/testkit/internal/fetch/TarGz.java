package dev.orchestrator.testkit.internal.fetch;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.GZIPInputStream;

/**
 * Unpacks a tar.gz of plain files, folders and links: no tar program is needed, and owners are not restored (as root,
 * tar would give the files to a user this machine does not have).
 */
final class TarGz {
    private static final int BLOCK = 512;

    private TarGz() {}

    static void unpack(InputStream gzipped, Path target) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(new GZIPInputStream(gzipped, 1 << 16), 1 << 16))) {
            byte[] header = new byte[BLOCK];
            String longName = "";
            while (readHeader(in, header)) {
                String name = longName.isEmpty() ? nameOf(header) : longName;
                long size = Long.parseLong(text(header, 124, 12).strip(), 8);
                longName = "";
                if (header[156] == 'L') {
                    longName = new String(in.readNBytes((int) size), StandardCharsets.UTF_8).replace("\0", "");
                } else {
                    writeEntry(in, header, inside(target, name), size);
                }
                in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
            }
        }
    }

    private static boolean readHeader(DataInputStream in, byte[] header) throws IOException {
        try {
            in.readFully(header);
        } catch (EOFException e) {
            return false;
        }
        return header[0] != 0;
    }

    private static void writeEntry(InputStream in, byte[] header, Path file, long size) throws IOException {
        switch (header[156]) {
            case '5' -> Files.createDirectories(file);
            case '2' -> {
                Files.createDirectories(file.getParent());
                Files.createSymbolicLink(file, Path.of(text(header, 157, 100)));
            }
            case '0', 0 -> {
                Files.createDirectories(file.getParent());
                writeFile(in, file, size);
                boolean executable = (Integer.parseInt(text(header, 100, 8).strip(), 8) & 0100) != 0;
                Files.setPosixFilePermissions(
                        file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
            }
            default -> in.skipNBytes(size);
        }
    }

    private static void writeFile(InputStream in, Path file, long size) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = size; left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new EOFException("archive ends within " + file);
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    private static String nameOf(byte[] header) {
        String prefix = text(header, 257, 5).equals("ustar") ? text(header, 345, 155) : "";
        // GNU archives use the place of the prefix for times.
        boolean gnu = header[263] == ' ';
        return prefix.isEmpty() || gnu ? text(header, 0, 100) : prefix + "/" + text(header, 0, 100);
    }

    private static String text(byte[] header, int offset, int length) {
        int end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, StandardCharsets.UTF_8);
    }

    private static Path inside(Path target, String name) throws IOException {
        Path file = target.resolve(name).normalize();
        if (!file.startsWith(target)) {
            throw new IOException("archive entry leaves its folder: " + name);
        }
        return file;
    }
}
