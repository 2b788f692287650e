package dev.orchestrator.servlet.internal.boot;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Makes the WAR run by itself: unpacks its libraries into a temporary folder and starts the service from there. Stands at
 * the root of the WAR and uses nothing but the JDK.
 */
public final class WarMain {
    private static final String CLASSES = "WEB-INF/classes/";
    private static final List<String> LIBRARIES = List.of("WEB-INF/lib/", "WEB-INF/lib-standalone/");

    private WarMain() {}

    /**
     * Runs the service.
     *
     * @param args as {@link ServiceMain#main}
     * @throws Exception when the WAR cannot be unpacked, or whatever the service throws
     */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("orchestrator-war-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "orc-war-cleanup-1"));
        URLClassLoader loader =
                new URLClassLoader(unpack(war(), folder).toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        loader.loadClass("dev.orchestrator.servlet.internal.boot.ServiceMain")
                .getMethod("main", String[].class)
                .invoke(null, (Object) args);
    }

    private static Path war() throws URISyntaxException {
        return Path.of(WarMain.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    private static List<URL> unpack(Path war, Path folder) throws IOException {
        // Only a directory that exists gets a URL that class loaders take for one.
        Path classes = Files.createDirectories(folder.resolve(CLASSES));
        List<URL> path = new ArrayList<>(List.of(classes.toUri().toURL()));
        try (JarFile jar = new JarFile(war.toFile())) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                boolean library = LIBRARIES.stream().anyMatch(entry.getName()::startsWith);
                if (entry.isDirectory() || !(library || entry.getName().startsWith(CLASSES))) {
                    continue;
                }
                Path file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) {
                    throw new IOException("the WAR holds a path that leads out of it: " + entry.getName());
                }
                Files.createDirectories(file.getParent());
                try (InputStream in = jar.getInputStream(entry)) {
                    Files.copy(in, file);
                }
                if (library) {
                    path.add(file.toUri().toURL());
                }
            }
        }
        return path;
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println("cannot remove " + folder + ": " + e);
        }
    }
}
