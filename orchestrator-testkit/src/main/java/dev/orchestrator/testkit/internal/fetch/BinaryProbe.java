package dev.orchestrator.testkit.internal.fetch;

import dev.orchestrator.testkit.server.ServerFamily;
import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds out how an unpacked server is called, what it lacks on this machine, and which version it is. */
final class BinaryProbe {
    private static final Pattern MISSING = Pattern.compile("error while loading shared libraries: ([^:\\s]+)");
    private static final Pattern VERSION = Pattern.compile("\\bVer (\\S+)");
    private static final List<String> LIBRARY_FOLDERS = List.of("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu");

    private final StandInLibraries standIns;

    BinaryProbe(StandInLibraries standIns) {
        this.standIns = standIns;
    }

    ServerDistribution distribution(ServerPackage wanted, Path folder) {
        ServerDistribution bare = layout(wanted, folder);
        Set<String> replaced = new TreeSet<>();
        if (Settings.forceStandIns() && bare.program().size() == 1) {
            replaced.addAll(StandInLibraries.NAMES);
        }
        while (true) {
            ServerDistribution candidate = withStandIns(bare, replaced);
            ShellCommands.Result result = version(candidate);
            Matcher missing = MISSING.matcher(result.output());
            if (missing.find() && StandInLibraries.NAMES.contains(missing.group(1)) && replaced.add(missing.group(1))) {
                continue;
            }
            Matcher version = VERSION.matcher(result.output());
            if (result.exitCode() != 0 || !version.find()) {
                throw new TestkitException("the server program in " + folder + " does not run on this machine: "
                        + result.tail() + "; install what it misses, or use another server package");
            }
            return checked(candidate, version.group(1));
        }
    }

    private static ServerDistribution checked(ServerDistribution candidate, String version) {
        String expected = candidate.serverPackage().id().replaceFirst("^[a-z]+-", "");
        if (!version.startsWith(expected + ".")) {
            throw new TestkitException("the server in " + candidate.folder() + " is " + version + ", not "
                    + candidate.serverPackage().id());
        }
        return new ServerDistribution(
                candidate.serverPackage(),
                version,
                candidate.folder(),
                candidate.program(),
                candidate.layout(),
                candidate.environment());
    }

    private static ShellCommands.Result version(ServerDistribution candidate) {
        try {
            return ShellCommands.run(new ShellCommands.Call(
                    candidate.command("--no-defaults", List.of("--version")), null, candidate.environment(), null));
        } catch (IOException e) {
            throw new TestkitException(
                    "cannot run the server program in " + candidate.folder() + ": " + e.getMessage()
                            + "; the binaries need a Linux with glibc, and a folder that is not mounted noexec",
                    e);
        }
    }

    private ServerDistribution withStandIns(ServerDistribution bare, Set<String> replaced) {
        String path = replaced.stream()
                .map(library -> standIns.folderOf(library).toString())
                .collect(Collectors.joining(":"));
        Map<String, String> environment = path.isEmpty() ? Map.of() : Map.of("LD_LIBRARY_PATH", path);
        return new ServerDistribution(
                bare.serverPackage(), bare.version(), bare.folder(), bare.program(), bare.layout(), environment);
    }

    private static ServerDistribution layout(ServerPackage wanted, Path folder) {
        String name = wanted.family() == ServerFamily.MYSQL ? "mysqld" : "mariadbd";
        Path tarballProgram = folder.resolve("bin").resolve(name);
        if (Files.isExecutable(tarballProgram)) {
            List<String> layout = List.of(
                    "--basedir=" + folder,
                    "--lc-messages-dir=" + folder.resolve("share"),
                    "--plugin-dir=" + folder.resolve("lib/plugin"));
            return new ServerDistribution(wanted, "", folder, List.of(tarballProgram.toString()), layout, Map.of());
        }
        Path debianProgram = folder.resolve("usr/sbin").resolve(name);
        if (Files.isExecutable(debianProgram)) {
            return debianLayout(wanted, folder, debianProgram);
        }
        throw new TestkitException("there is no bin/" + name + " and no usr/sbin/" + name + " in " + folder);
    }

    /** Unpacked Debian packages bring their own C library, so they are run through their own loader. */
    private static ServerDistribution debianLayout(ServerPackage wanted, Path folder, Path program) {
        List<Path> libraries = LIBRARY_FOLDERS.stream()
                .map(folder::resolve)
                .filter(Files::isDirectory)
                .toList();
        Path loader = libraries.stream()
                .map(path -> path.resolve("ld-linux-x86-64.so.2"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new TestkitException("there is no ld-linux-x86-64.so.2 in " + folder));
        Path share = Stream.of("usr/share/mysql", "usr/share/mariadb")
                .map(folder::resolve)
                .filter(path -> Files.exists(path.resolve("english/errmsg.sys")))
                .findFirst()
                .orElseThrow(() -> new TestkitException("there is no english/errmsg.sys in " + folder));
        String libraryPath = libraries.stream().map(Path::toString).collect(Collectors.joining(":"));
        return new ServerDistribution(
                wanted,
                "",
                folder,
                List.of(loader.toString(), "--library-path", libraryPath, program.toString()),
                List.of(
                        "--basedir=" + folder.resolve("usr"),
                        "--lc-messages-dir=" + share,
                        "--character-sets-dir=" + share.resolve("charsets"),
                        "--plugin-dir=" + folder.resolve("usr/lib/mysql/plugin")),
                Map.of());
    }
}
