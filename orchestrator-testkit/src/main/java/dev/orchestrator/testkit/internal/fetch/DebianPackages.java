package dev.orchestrator.testkit.internal.fetch;

import dev.orchestrator.testkit.server.Availability;
import dev.orchestrator.testkit.server.Availability.State;
import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers from the machine's own Debian mirror: package files with all their libraries, down to the C library, unpacked
 * into the cache and never installed. Needs apt-get and dpkg-deb, no root. The state of the system's apt is not touched.
 */
final class DebianPackages {
    private static final String KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
    private static final Pattern NOT_NEEDED =
            Pattern.compile("^(perl|libperl|debconf|libdb5|libgdbm|dpkg|tar|libacl1|libselinux1|libattr1|gcc-).*");

    private record Source(String suite, List<String> packages) {}

    private static final Logger LOG = LoggerFactory.getLogger(DebianPackages.class);

    private final Cache cache;

    DebianPackages(Cache cache) {
        this.cache = cache;
    }

    Optional<Path> find(ServerPackage wanted) {
        return Optional.of(cache.root().resolve(folderName(wanted))).filter(Files::isDirectory);
    }

    Availability availability(ServerPackage wanted) {
        String how = "; or name a folder with the unpacked server by -Dorchestrator.testkit." + wanted.id() + ".dir";
        for (String program : List.of("apt-get", "dpkg-deb")) {
            if (!isOnPath(program)) {
                return new Availability(
                        State.UNAVAILABLE,
                        wanted.id() + " is not here, and without " + program + " it cannot be fetched" + how);
            }
        }
        if (!Files.isReadable(Path.of(KEYRING)) || mirror().isEmpty()) {
            return new Availability(
                    State.UNAVAILABLE,
                    wanted.id() + " is not here, and this machine's apt knows no Debian mirror to fetch it from" + how);
        }
        return new Availability(
                State.FETCHABLE,
                wanted.id() + " is not here; -Dorchestrator.testkit.fetch=true fetches it from Debian "
                        + source(wanted).suite() + how);
    }

    Path fetch(ServerPackage wanted) {
        Availability availability = availability(wanted);
        if (find(wanted).isEmpty() && availability.state() != State.FETCHABLE) {
            throw new TestkitException(availability.explanation());
        }
        return cache.folder(folderName(wanted), folder -> {
            Path apt = Files.createDirectory(folder.resolve(".apt"));
            LOG.atInfo()
                    .addKeyValue("server", wanted.id())
                    .addKeyValue("suite", source(wanted).suite())
                    .log("fetching a server from the Debian mirror, once");
            try {
                download(source(wanted), apt);
                unpack(apt, folder);
            } finally {
                FileTrees.delete(apt);
            }
        });
    }

    private static Source source(ServerPackage wanted) {
        return switch (wanted) {
            case MYSQL_9 -> new Source("sid", List.of("mysql-server-core"));
            case MARIADB_10_11 -> new Source("bookworm", List.of("mariadb-server-core"));
            case MARIADB_11_8 -> new Source("trixie", List.of("mariadb-server-core"));
            case MYSQL_8_0, MYSQL_5_7 ->
                throw new TestkitException(
                        wanted.id() + " does not come from Debian but with the testkit's dependencies");
        };
    }

    private static String folderName(ServerPackage wanted) {
        return wanted.id() + "-debian-" + source(wanted).suite();
    }

    private static void download(Source source, Path apt) throws IOException {
        for (String folder : List.of("state/lists/partial", "cache/archives/partial", "debs")) {
            Files.createDirectories(apt.resolve(folder));
        }
        Files.writeString(apt.resolve("status"), "");
        Files.writeString(
                apt.resolve("sources.list"),
                "deb [signed-by=" + KEYRING + "] " + mirror().orElseThrow() + " " + source.suite() + " main\n");
        Files.writeString(apt.resolve("apt.conf"), configuration(apt));
        Map<String, String> environment =
                Map.of("APT_CONFIG", apt.resolve("apt.conf").toString());
        apt(apt, environment, List.of("-q", "update"));
        List<String> simulate = new ArrayList<>(List.of("install", "-s", "--no-install-recommends"));
        simulate.addAll(source.packages());
        List<String> fetch = new ArrayList<>(List.of("-q", "download"));
        apt(apt, environment, simulate)
                .lines()
                .filter(line -> line.startsWith("Inst "))
                .map(line -> line.split(" ", 3)[1])
                .filter(name -> !NOT_NEEDED.matcher(name).matches())
                .forEach(fetch::add);
        apt(apt.resolve("debs"), environment, fetch);
    }

    private static String configuration(Path apt) {
        return """
                Dir::State "%1$s/state";
                Dir::State::status "%1$s/status";
                Dir::Cache "%1$s/cache";
                Dir::Etc::sourcelist "%1$s/sources.list";
                Dir::Etc::sourceparts "-";
                Dir::Etc::preferencesparts "-";
                Dir::Etc::preferences "-";
                APT::Architecture "amd64";
                APT::Architectures "amd64";
                APT::Sandbox::User "%2$s";
                Acquire::Languages "none";
                APT::Update::Error-Mode "any";
                Acquire::Retries "2";
                """.formatted(apt, System.getProperty("user.name").toLowerCase(Locale.ROOT));
    }

    private static String apt(Path directory, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("apt-get"));
        command.addAll(arguments);
        ShellCommands.Result result = ShellCommands.run(new ShellCommands.Call(command, directory, environment, null));
        if (result.exitCode() != 0) {
            throw new TestkitException("apt-get "
                    + arguments.get(arguments.size() > 1 && arguments.get(0).equals("-q") ? 1 : 0) + " failed: "
                    + result.tail());
        }
        return result.output();
    }

    private static void unpack(Path apt, Path folder) throws IOException {
        List<Path> packages;
        try (Stream<Path> files = Files.list(apt.resolve("debs"))) {
            packages = files.filter(file -> file.toString().endsWith(".deb")).toList();
        }
        if (packages.isEmpty()) {
            throw new TestkitException("the Debian mirror gave no packages");
        }
        for (Path file : packages) {
            ShellCommands.Result result =
                    ShellCommands.run(List.of("dpkg-deb", "-x", file.toString(), folder.toString()));
            if (result.exitCode() != 0) {
                throw new TestkitException("cannot unpack " + file.getFileName() + ": " + result.tail());
            }
        }
        // dpkg-deb gives the folder the mode of the package's root; the rest of the cache is the user's own.
        Files.createDirectories(folder);
    }

    /** The mirror that the system's apt is set up with; other repositories than Debian's are passed over. */
    private static Optional<String> mirror() {
        try {
            ShellCommands.Result targets = ShellCommands.run(
                    List.of("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"));
            return targets.output()
                    .lines()
                    .map(String::strip)
                    .filter(uri -> uri.matches("(https?|mirror|file|copy)\\S*/debian/?"))
                    .findFirst();
        } catch (IOException e) {
            throw new TestkitException("cannot ask apt for its mirrors: " + e.getMessage(), e);
        }
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && Stream.of(path.split(":"))
                        .filter(folder -> !folder.isEmpty())
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
