package dev.orchestrator.api.model;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose server software it is and which version, as {@code @@version} and {@code @@version_comment} tell.
 *
 * <p>The order is that of the three numbers; flavor and text only break ties, so that it agrees with {@link #equals}.
 * Numbers of MySQL and MariaDB count different things: ask for the {@link #flavor} before comparing.
 */
public final class ServerVersion implements Comparable<ServerVersion> {
    /** The family of servers. */
    public enum Flavor {
        MYSQL,
        PERCONA,
        MARIADB,
        /** Speaks the protocol and says openly that it is something else. */
        UNKNOWN
    }

    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})(?![\\d.]).*");
    /** MariaDB 10 and later put this before their version where a replica of MySQL 5 might read it. */
    private static final String REPLICATION_PREFIX = "5.5.5-";

    private static final List<String> STRANGERS = List.of(
            "tidb",
            "vitess",
            "dolt",
            "oceanbase",
            "singlestore",
            "memsql",
            "starrocks",
            "doris",
            "maxscale",
            "proxysql");
    private static final Comparator<ServerVersion> ORDER = Comparator.comparingInt(ServerVersion::major)
            .thenComparingInt(ServerVersion::minor)
            .thenComparingInt(ServerVersion::patch)
            .thenComparing(ServerVersion::flavor)
            .thenComparing(ServerVersion::text);

    private final Flavor flavor;
    private final int major;
    private final int minor;
    private final int patch;
    private final String text;
    private final String majorVersion;

    private ServerVersion(Flavor flavor, int major, int minor, int patch, String text) {
        this.flavor = flavor;
        this.major = major;
        this.minor = minor;
        this.patch = patch;
        this.text = text;
        this.majorVersion = major + "." + minor;
    }

    /**
     * Reads what a server says of itself.
     *
     * @param version {@code @@version}, such as {@code 8.0.35-27} or {@code 10.11.18-MariaDB-log}
     * @param versionComment {@code @@version_comment}, such as {@code Percona Server (GPL)}; may be empty
     * @throws IllegalArgumentException when the version does not begin with three numbers
     */
    public static ServerVersion parse(String version, String versionComment) {
        String text = requireNonNull(version, "version").strip();
        String words = (text + ' ' + requireNonNull(versionComment, "versionComment")).toLowerCase(Locale.ROOT);
        Flavor flavor = flavorOf(words);
        String numbers = text;
        if (flavor == Flavor.MARIADB && text.startsWith(REPLICATION_PREFIX)) {
            numbers = text.substring(REPLICATION_PREFIX.length());
        }
        Matcher matcher = NUMBERS.matcher(numbers);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a server version: saw '" + excerpt(text)
                    + "', expected three numbers first, such as 8.0.31 or 10.11.6-MariaDB");
        }
        return new ServerVersion(
                flavor,
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                text);
    }

    private static Flavor flavorOf(String words) {
        if (STRANGERS.stream().anyMatch(words::contains)) {
            return Flavor.UNKNOWN;
        }
        if (words.contains("mariadb")) {
            return Flavor.MARIADB;
        }
        // The comment of MySQL's own and of distributions' builds need not name MySQL ("Source distribution").
        return words.contains("percona") ? Flavor.PERCONA : Flavor.MYSQL;
    }

    private static String excerpt(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    public Flavor flavor() {
        return flavor;
    }

    public int major() {
        return major;
    }

    public int minor() {
        return minor;
    }

    public int patch() {
        return patch;
    }

    /** The version in full, as the server gave it. */
    public String text() {
        return text;
    }

    /** Major and minor number, such as {@code 8.0}: servers that agree in it speak the same dialect. */
    public String majorVersion() {
        return majorVersion;
    }

    /** Whether the three numbers are these or greater ones. */
    public boolean isAtLeast(int otherMajor, int otherMinor, int otherPatch) {
        if (major != otherMajor) {
            return major > otherMajor;
        }
        return minor != otherMinor ? minor > otherMinor : patch >= otherPatch;
    }

    @Override
    public int compareTo(ServerVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof ServerVersion && compareTo((ServerVersion) o) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * text.hashCode() + flavor.ordinal();
    }

    /** Same as {@link #text}. */
    @Override
    public String toString() {
        return text;
    }
}
