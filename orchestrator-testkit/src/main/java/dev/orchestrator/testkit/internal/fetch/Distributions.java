package dev.orchestrator.testkit.internal.fetch;

import dev.orchestrator.testkit.server.Availability;
import dev.orchestrator.testkit.server.Availability.State;
import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Finds, and on request fetches, the servers of this machine. Thread-safe. */
public final class Distributions {
    private static final Distributions SHARED = new Distributions(new Cache(Settings.cacheRoot()));

    private final Cache cache;
    private final DebianPackages debian;
    private final BinaryProbe probe;
    private final Map<Wanted, ServerDistribution> known = new HashMap<>();

    /** A named folder counts from the moment it is named, also for a package that was found elsewhere before. */
    private record Wanted(ServerPackage serverPackage, Optional<Path> namedFolder) {
        static Wanted of(ServerPackage serverPackage) {
            return new Wanted(serverPackage, Settings.folderOf(serverPackage.id()));
        }
    }

    public Distributions(Cache cache) {
        this.cache = cache;
        this.debian = new DebianPackages(cache);
        this.probe = new BinaryProbe(new StandInLibraries(cache));
    }

    /** Those of this JVM, on the cache that {@link Settings} name. */
    public static Distributions shared() {
        return SHARED;
    }

    public Cache cache() {
        return cache;
    }

    /** See {@code ServerPackages.availability}. */
    public synchronized Availability availability(ServerPackage wanted) {
        if (DockerSupport.isChosen()) {
            return DockerSupport.availability();
        }
        ServerDistribution found = known.get(Wanted.of(wanted));
        if (found != null) {
            return new Availability(State.FOUND, "in " + found.folder());
        }
        Optional<String> unfit = unfitPlatform();
        if (unfit.isPresent()) {
            return new Availability(State.UNAVAILABLE, unfit.get());
        }
        try {
            Optional<Path> folder = locate(wanted);
            if (folder.isEmpty() && Settings.mayFetch()) {
                folder = Optional.of(debian.fetch(wanted));
            }
            if (folder.isPresent()) {
                return new Availability(
                        State.FOUND, "in " + resolve(wanted, folder.get()).folder());
            }
            return debian.availability(wanted);
        } catch (TestkitException e) {
            return new Availability(State.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    /** See {@code ServerPackages.fetch}. */
    public synchronized void fetch(ServerPackage wanted) {
        if (DockerSupport.isChosen() || known.containsKey(Wanted.of(wanted))) {
            return;
        }
        unfitPlatform().ifPresent(reason -> {
            throw new TestkitException(reason);
        });
        resolve(wanted, locate(wanted).orElseGet(() -> debian.fetch(wanted)));
    }

    /** The unpacked server, ready to run; throws with the explanation of {@link #availability} when there is none. */
    public synchronized ServerDistribution get(ServerPackage wanted) {
        ServerDistribution distribution = known.get(Wanted.of(wanted));
        if (distribution == null) {
            Availability availability = availability(wanted);
            distribution = known.get(Wanted.of(wanted));
            if (distribution == null) {
                throw new TestkitException("cannot start " + wanted.id() + ": " + availability.explanation());
            }
        }
        return distribution;
    }

    private ServerDistribution resolve(ServerPackage wanted, Path folder) {
        return known.computeIfAbsent(Wanted.of(wanted), key -> probe.distribution(wanted, folder));
    }

    private Optional<Path> locate(ServerPackage wanted) {
        Optional<Path> named = Settings.folderOf(wanted.id());
        if (named.isPresent()) {
            if (!Files.isDirectory(named.get())) {
                throw new TestkitException("the folder named for " + wanted.id() + " is not there: " + named.get());
            }
            return Optional.of(named.get().toAbsolutePath());
        }
        return switch (wanted) {
            case MYSQL_8_0 -> JarServers.MYSQL_8_0.unpackInto(cache);
            case MYSQL_5_7 -> JarServers.MYSQL_5_7.unpackInto(cache);
            case MYSQL_9, MARIADB_10_11, MARIADB_11_8 -> debian.find(wanted);
        };
    }

    private static Optional<String> unfitPlatform() {
        return Settings.isPlatformOfBinaries()
                ? Optional.empty()
                : Optional.of("the server binaries are for Linux on x86-64 and this is " + Settings.platform()
                        + "; with org.testcontainers:testcontainers on the class path and a Docker that answers,"
                        + " servers run in containers");
    }
}
