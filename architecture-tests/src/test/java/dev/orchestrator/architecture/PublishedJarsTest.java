package dev.orchestrator.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedJarsTest {
    @TempDir
    Path root;

    @BeforeEach
    void billOfMaterials() throws IOException {
        Files.createDirectories(root.resolve("orchestrator-bom"));
        Files.createDirectories(root.resolve("one/target"));
        Files.writeString(
                root.resolve("orchestrator-bom/pom.xml"),
                "<project><artifactId>orchestrator-bom</artifactId><dependencies><dependency><groupId>g</groupId>"
                        + "<artifactId>one</artifactId></dependency></dependencies></project>");
    }

    @Test
    void findsNothingWhereAllIsThere() throws IOException {
        jar("one-1.jar", "dev.orchestrator.one", "META-INF/LICENSE", "META-INF/NOTICE");
        jar("one-1-sources.jar", null, "META-INF/LICENSE", "META-INF/NOTICE");
        jar("one-1-javadoc.jar", null, "META-INF/LICENSE", "META-INF/NOTICE", "dev/orchestrator/one/One.html");
        assertThat(new PublishedJars(root, "1").faults()).isEmpty();
    }

    @Test
    void namesAllThatIsMissing() throws IOException {
        jar("one-1.jar", "dev.orchestrator.unpublished", "META-INF/LICENSE");
        jar("one-1-javadoc.jar", null, "META-INF/LICENSE", "META-INF/NOTICE", "dev/orchestrator/one/internal/In.html");
        assertThat(new PublishedJars(root, "1").faults())
                .anySatisfy(f -> assertThat(f).contains("one-1.jar has no META-INF/NOTICE"))
                .anySatisfy(f -> assertThat(f).contains("one-1.jar has neither a module descriptor"))
                .anySatisfy(f -> assertThat(f).contains("one-1-sources.jar was not built"))
                .anySatisfy(f -> assertThat(f).contains("one-1-javadoc.jar shows internal packages"))
                .hasSize(4);
    }

    private void jar(String name, @Nullable String moduleName, String... entries) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (moduleName != null) {
            manifest.getMainAttributes().putValue("Automatic-Module-Name", moduleName);
        }
        try (OutputStream out = Files.newOutputStream(root.resolve("one/target").resolve(name));
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (String entry : entries) {
                jar.putNextEntry(new JarEntry(entry));
                jar.closeEntry();
            }
        }
    }
}
