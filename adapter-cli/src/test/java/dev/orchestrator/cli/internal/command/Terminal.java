package dev.orchestrator.cli.internal.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** Runs command lines on an SQLite file of its own, and keeps what they print. */
final class Terminal {
    private final Path configuration;

    Terminal(Path directory) {
        String json = """
                {
                  "BackendDB": "sqlite",
                  "SQLite3DataFile": "%s",
                  "MySQLTopologyUser": "orchestrator",
                  "MySQLTopologyPassword": "orch_topology",
                  "MySQLHostnameResolveMethod": "@@report_host",
                  "DiscoverByShowSlaveHosts": true,
                  "DetectClusterDomainQuery": "select 'main.example'",
                  "RecoverMasterClusterFilters": ["*"]
                }
                """.formatted(directory.resolve("backend.sqlite3"));
        try {
            configuration = Files.writeString(directory.resolve("orchestrator.conf.json"), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a command line came to. */
    record Result(int status, String out, String err) {
        /** The lines of the standard output. */
        Stream<String> lines() {
            return out.lines();
        }
    }

    Result run(String... args) {
        return bare(Stream.concat(Stream.of("-config=" + configuration), Arrays.stream(args))
                .toArray(String[]::new));
    }

    static Result bare(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = new CommandLineRunner(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(args);
        return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
