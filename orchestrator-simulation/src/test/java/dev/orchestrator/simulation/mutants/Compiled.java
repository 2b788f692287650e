package dev.orchestrator.simulation.mutants;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What one file is compiled to.
 *
 * @param classes by name
 */
record Compiled(Map<String, byte[]> classes) {
    /**
     * Compiles.
     *
     * @param source as a whole file
     * @param name of the file
     * @param path of all other classes
     * @param into an empty directory for source and classes
     * @return the classes
     * @throws IllegalArgumentException when it does not compile
     */
    static Compiled of(String source, String name, String path, Path into) throws IOException {
        Path file = Files.createDirectories(into.resolve("source")).resolve(name);
        Path classes = Files.createDirectories(directory(into));
        Files.writeString(file, source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", classes.toString(), "-cp", path, "-proc:none", "-nowarn");
            boolean compiled = compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
            if (!compiled) {
                throw new IllegalArgumentException("does not compile: " + messages);
            }
        }
        return new Compiled(read(classes));
    }

    /** Where the classes are. */
    static Path directory(Path into) {
        return into.resolve("classes");
    }

    private static Map<String, byte[]> read(Path directory) throws IOException {
        Map<String, byte[]> classes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String path = directory.relativize(file).toString();
                String name = path.substring(0, path.length() - ".class".length());
                classes.put(name.replace(java.io.File.separatorChar, '.'), Files.readAllBytes(file));
            }
        }
        return classes;
    }
}
