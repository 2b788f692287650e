package dev.orchestrator.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is published is looked at when it is built: licence and notice are in every jar, each has a module's name, and the
 * documentation shows no internals. Published is what the bill of materials names.
 */
public final class PublishedJars {
    private static final Pattern ARTIFACT =
            Pattern.compile("<dependency>.*?<artifactId>([^<]+)</artifactId>", Pattern.DOTALL);
    private static final List<String> KINDS = List.of("", "-sources", "-javadoc");
    private static final List<String> LEGAL = List.of("META-INF/LICENSE", "META-INF/NOTICE");

    private final Path root;
    private final String version;
    private final List<String> faults = new ArrayList<>();

    /** Looks at the jars below {@code root} of that version. */
    PublishedJars(Path root, String version) {
        this.root = root;
        this.version = version;
    }

    /** The arguments: root folder, version. */
    public static void main(String[] args) throws IOException {
        List<String> faults = new PublishedJars(Path.of(args[0]), args[1]).faults();
        if (!faults.isEmpty()) {
            throw new IllegalStateException("what is published lacks something:\n  " + String.join("\n  ", faults));
        }
    }

    /** What is wrong, a sentence each. */
    List<String> faults() throws IOException {
        for (String artifact : artifacts()) {
            for (String kind : KINDS) {
                Path jar = root.resolve(artifact).resolve("target").resolve(artifact + "-" + version + kind + ".jar");
                if (Files.exists(jar)) {
                    look(jar, kind);
                } else {
                    faults.add(root.relativize(jar) + " was not built");
                }
            }
        }
        return faults;
    }

    private List<String> artifacts() throws IOException {
        List<String> artifacts = new ArrayList<>();
        Matcher matcher = ARTIFACT.matcher(Files.readString(root.resolve("orchestrator-bom/pom.xml")));
        while (matcher.find()) {
            artifacts.add(matcher.group(1));
        }
        return artifacts;
    }

    private void look(Path path, String kind) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            for (String entry : LEGAL) {
                if (jar.getEntry(entry) == null) {
                    faults.add(path.getFileName() + " has no " + entry);
                }
            }
            if (kind.isEmpty() && jar.getEntry("module-info.class") == null && !hasName(jar.getManifest())) {
                faults.add(
                        path.getFileName() + " has neither a module descriptor nor an Automatic-Module-Name of its own:"
                                + " set module.name in its POM");
            }
            if (kind.equals("-javadoc")
                    && jar.stream().anyMatch(e -> e.getName().contains("/internal/"))) {
                faults.add(path.getFileName() + " shows internal packages");
            }
        }
    }

    private static boolean hasName(Manifest manifest) {
        String name = manifest.getMainAttributes().getValue("Automatic-Module-Name");
        return name != null && name.startsWith("dev.orchestrator.") && !name.endsWith(".unpublished");
    }
}
