package dev.orchestrator.testkit.internal.fetch;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The system properties and environment variables the testkit listens to. */
public final class Settings {
    private static final String PREFIX = "orchestrator.testkit.";

    private Settings() {}

    /** True when packages that are not here may be fetched without being asked for by name. */
    public static boolean mayFetch() {
        return Boolean.parseBoolean(value("fetch").orElse("false"));
    }

    /** True when the stand-ins for libaio and libnuma are used even where the real ones are. */
    public static boolean forceStandIns() {
        return "force".equals(value("standins").orElse(""));
    }

    /** True when tests that need that package must fail, not be skipped, where it is missing: a list of ids, or all. */
    public static boolean isRequired(String packageId) {
        Set<String> required = Set.of(value("required").orElse("").split(",", -1));
        return required.contains("all") || required.contains(packageId);
    }

    /** {@code binary} or {@code docker} when somebody chose, else empty. */
    public static Optional<String> launcher() {
        return value("launcher");
    }

    /** The operating system and architecture of this JVM. */
    public static String platform() {
        return System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    /** True where unpacked servers can run. */
    public static boolean isPlatformOfBinaries() {
        return platform().equals("Linux amd64");
    }

    /** The container image for a server package, when somebody named one. */
    public static Optional<String> imageOf(String packageId) {
        return value(packageId + ".image");
    }

    /** The folder somebody named for a server package. */
    public static Optional<Path> folderOf(String packageId) {
        return value(packageId + ".dir").map(Path::of);
    }

    /** The folder that holds unpacked servers and data templates. */
    public static Path cacheRoot() {
        Optional<String> chosen = value("cache");
        if (chosen.isPresent()) {
            return Path.of(chosen.get()).toAbsolutePath();
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg != null && Path.of(xdg).isAbsolute()
                ? Path.of(xdg)
                : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("orchestrator-testkit");
    }

    private static Optional<String> value(String name) {
        String property = System.getProperty(PREFIX + name);
        if (property != null && !property.isBlank()) {
            return Optional.of(property);
        }
        String variable = (PREFIX + name).toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
        return Optional.ofNullable(System.getenv(variable)).filter(v -> !v.isBlank());
    }
}
