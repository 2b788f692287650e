package dev.orchestrator.testkit.internal.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreesTest {
    @TempDir
    Path temporary;

    @Test
    void copiesContentsModesAndLinksAndLeavesHolesForZeros() throws Exception {
        Path from = temporary.resolve("from");
        Path to = temporary.resolve("to");
        byte[] mostlyZeros = new byte[5_000_000];
        mostlyZeros[3_000_000] = 7;
        Files.createDirectories(from.resolve("deep/er"));
        Files.write(from.resolve("deep/zeros"), mostlyZeros);
        Files.write(from.resolve("deep/er/text"), new byte[] {1, 2, 3});
        Files.setPosixFilePermissions(from.resolve("deep/er/text"), PosixFilePermissions.fromString("rw-------"));
        Files.createSymbolicLink(from.resolve("link"), Path.of("deep/er/text"));

        FileTrees.copyByJava(from, to);

        assertThat(Arrays.equals(Files.readAllBytes(to.resolve("deep/zeros")), mostlyZeros))
                .isTrue();
        assertThat(blocks(to.resolve("deep/zeros"))).isLessThan(1000);
        assertThat(to.resolve("deep/er/text")).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(to.resolve("deep/er/text"))))
                .isEqualTo("rw-------");
        assertThat(Files.readSymbolicLink(to.resolve("link"))).isEqualTo(Path.of("deep/er/text"));

        FileTrees.delete(from);
        assertThat(Files.exists(from, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    /** Blocks of 512 bytes that the file takes on the disk. */
    private static long blocks(Path file) throws Exception {
        return Long.parseLong(ShellCommands.run(java.util.List.of("stat", "-c", "%b", file.toString()))
                .output()
                .strip());
    }
}
