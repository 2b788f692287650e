package dev.orchestrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FetchServersTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private void fetch(Set<ServerPackage> absent, String required) {
        new FetchServers(
                        wanted -> absent.contains(wanted) ? Optional.of("the mirror is silent") : Optional.empty(),
                        new PrintStream(said, true, StandardCharsets.UTF_8))
                .fetchAll(FetchServers.required(required));
    }

    @Test
    void namesAPackageThatNobodyRequiresAndGoesOn() {
        fetch(EnumSet.of(ServerPackage.MARIADB_11_8), "mysql-8.0,mysql-9");
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("server mysql-9: here")
                .contains("server mariadb-11.8: NOT HERE, its tests will be skipped: the mirror is silent");
    }

    @Test
    void failsWithTheReasonsOfAllRequiredPackagesThatCannotBeHad() {
        assertThatThrownBy(() ->
                        fetch(EnumSet.of(ServerPackage.MYSQL_9, ServerPackage.MARIADB_10_11), "mysql-9,mariadb-10.11"))
                .isInstanceOf(TestkitException.class)
                .hasMessageContaining("mysql-9: the mirror is silent")
                .hasMessageContaining("mariadb-10.11: the mirror is silent")
                .hasMessageContaining("-Dorchestrator.testkit.required=");
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("server mysql-8.0: here");
    }

    @Test
    void allRequiresEveryPackage() {
        assertThat(FetchServers.required("all")).isEqualTo(List.of(ServerPackage.values()));
    }

    @Test
    void refusesAnIdThatDoesNotExist() {
        assertThatThrownBy(() -> FetchServers.required("mysql-8.0", "mysql-8.4"))
                .hasMessageContaining("no server package mysql-8.4")
                .hasMessageContaining("mariadb-11.8");
    }
}
