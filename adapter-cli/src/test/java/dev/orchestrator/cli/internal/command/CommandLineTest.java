package dev.orchestrator.cli.internal.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command line says without any server. */
class CommandLineTest {
    @TempDir
    Path directory;

    @Test
    void suggestsTheCommandThatWasMeant() {
        Terminal.Result result = new Terminal(directory).run("-c", "toplogy");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("FATAL Unknown command: \"toplogy\"").contains("Did you mean topology?");
    }

    @Test
    void listsTheCommandsOnStderr() {
        Terminal.Result result = Terminal.bare("help");

        assertThat(result.status()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("replication-analysis")
                .contains("begin-maintenance")
                .contains("--alias");
    }

    @Test
    void promptsWithoutACommand() {
        Terminal.Result result = Terminal.bare();

        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("give a command");
    }

    @Test
    void refusesAFlagItDoesNotKnow() {
        Terminal.Result result = Terminal.bare("-c", "clusters", "-nosuch");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("-nosuch");
    }

    @Test
    void changesNothingWithoutAnInstance() {
        Terminal.Result result = new Terminal(directory).run("-c", "begin-maintenance", "-reason", "x");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("missing -i");
    }

    @Test
    void namesTheInstanceThatIsNotKnown() {
        Terminal.Result result = new Terminal(directory).run("begin-maintenance", "-i", "db1:3306", "-reason", "x");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("db1:3306");
    }

    @Test
    void saysWhatIsWrongWithAnAddress() {
        Terminal.Result result = new Terminal(directory).run("discover", "-i", "db1:99999");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("99999");
    }

    @Test
    void findsNothingInAnEmptyBackendAndThatIsNoError() {
        Terminal terminal = new Terminal(directory);

        for (String command : new String[] {"clusters", "all-instances", "replication-analysis", "clusters-alias"}) {
            Terminal.Result result = terminal.run("-c", command);
            assertThat(result.status()).as(command + ": " + result.err()).isZero();
            assertThat(result.out()).as(command).isEmpty();
        }
    }

    @Test
    void switchesRecoveriesOffAndOnForEverybody() {
        Terminal terminal = new Terminal(directory);

        assertThat(terminal.run("disable-global-recoveries").out())
                .isEqualTo("OK: Orchestrator recoveries DISABLED globally\n");
        assertThat(terminal.run("check-global-recoveries").out()).isEqualTo("OK: Global recoveries disabled: true\n");
        assertThat(terminal.run("enable-global-recoveries").out())
                .isEqualTo("OK: Orchestrator recoveries ENABLED globally\n");
        assertThat(terminal.run("check-global-recoveries").out()).isEqualTo("OK: Global recoveries disabled: false\n");
    }

    @Test
    void namesTheConfigurationFileThatIsMissing() {
        Terminal.Result result = Terminal.bare("-config=" + directory.resolve("none.json"), "-c", "clusters");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("none.json");
    }

    @Test
    void namesThePlaceWhereAConfigurationFileIsMalformed() throws Exception {
        Path file = Files.writeString(directory.resolve("bad.json"), "{\n  \"BackendDB\": \"sqlite\",,\n}");

        Terminal.Result result = Terminal.bare("-config", file.toString(), "-c", "clusters");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("bad.json:2:");
    }

    @Test
    void aKeyThatWouldWeakenSafetyStopsTheStartByName() throws Exception {
        Path file = Files.writeString(
                directory.resolve("conf.json"),
                "{\"BackendDB\": \"sqlite\", \"SQLite3DataFile\": \"" + directory.resolve("db")
                        + "\", \"AuthenticationMethod\": \"basic\"}");

        Terminal.Result result = Terminal.bare("-config", file.toString(), "-c", "clusters");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("AuthenticationMethod");
    }

    @Test
    void anUnknownKeyIsAWarningBesideTheAnswer() throws Exception {
        Path file = Files.writeString(
                directory.resolve("conf.json"),
                "{\"BackendDB\": \"sqlite\", \"SQLite3DataFile\": \"" + directory.resolve("db")
                        + "\", \"InstancePolSeconds\": 3, \"Debug\": true}");

        Terminal.Result result = Terminal.bare("-config", file.toString(), "-c", "clusters");

        assertThat(result.status()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .contains("WARNING", "conf.json:1:", "InstancePolSeconds", "did you mean InstancePollSeconds?");
        assertThat(Terminal.bare("-config", file.toString(), "-quiet", "-c", "clusters")
                        .err())
                .isEmpty();
    }
}
