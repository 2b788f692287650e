package dev.orchestrator.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.orchestrator.api.model.ServerVersion.Flavor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerVersionTest {
    @ParameterizedTest
    @CsvSource({
        "5.7.22-log, MySQL Community Server (GPL), MYSQL, 5, 7, 22",
        "8.0.31, MySQL Community Server - GPL, MYSQL, 8, 0, 31",
        "8.0.31, '', MYSQL, 8, 0, 31",
        "9.7.4-2, (Debian), MYSQL, 9, 7, 4",
        "8.0.35-27, Percona Server (GPL), PERCONA, 8, 0, 35",
        "8.0.34-26.1, 'Percona XtraDB Cluster (GPL), Release rel26', PERCONA, 8, 0, 34",
        "10.11.18-MariaDB-0+deb12u1-log, Debian 12, MARIADB, 10, 11, 18",
        "5.5.5-10.11.6-MariaDB, '', MARIADB, 10, 11, 6",
        "11.4.5-MariaDB-ubu2404, mariadb.org binary distribution, MARIADB, 11, 4, 5",
        "5.5.5, MariaDB Server, MARIADB, 5, 5, 5",
        "8.0.11-TiDB-v7.5.0, TiDB Server, UNKNOWN, 8, 0, 11",
    })
    void readsWhatServersSay(String version, String comment, Flavor flavor, int major, int minor, int patch) {
        ServerVersion read = ServerVersion.parse(version, comment);

        assertThat(read.flavor()).isEqualTo(flavor);
        assertThat(read.major()).isEqualTo(major);
        assertThat(read.minor()).isEqualTo(minor);
        assertThat(read.patch()).isEqualTo(patch);
        assertThat(read.majorVersion()).isEqualTo(major + "." + minor);
        assertThat(read.text()).isEqualTo(version);
        assertThat(read).hasToString(version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "8", "8.0", "8.0.", "8.x.1", "8.0.31.2", "-8.0.31", "v8.0.31", "1234567.0.0", "5.5.5-x"
            })
    void refusesGarbageNamingIt(String version) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerVersion.parse(version, version.equals("5.5.5-x") ? "MariaDB" : ""))
                .withMessageContaining("saw '" + version.strip() + "'")
                .withMessageContaining("expected three numbers first");
    }

    @Test
    void ordersByNumbersNotByText() {
        ServerVersion older = ServerVersion.parse("8.0.9", "");
        ServerVersion newer = ServerVersion.parse("8.0.31-log", "");

        assertThat(older).isLessThan(newer);
        assertThat(newer).isLessThan(ServerVersion.parse("8.4.0", "")).isLessThan(ServerVersion.parse("10.0.0", ""));
        assertThat(newer).isEqualTo(ServerVersion.parse("8.0.31-log", "MySQL")).isNotEqualTo(older);
        assertThat(newer).isNotEqualTo(ServerVersion.parse("8.0.31-log", "Percona Server"));
    }

    @ParameterizedTest
    @CsvSource({
        "8, 0, 31, true",
        "8, 0, 22, true",
        "5, 7, 99, true",
        "7, 9, 99, true",
        "8, 0, 32, false",
        "8, 4, 0, false",
        "9, 0, 0, false",
    })
    void answersWhetherItIsAtLeastAVersion(int major, int minor, int patch, boolean expected) {
        assertThat(ServerVersion.parse("8.0.31", "").isAtLeast(major, minor, patch))
                .isEqualTo(expected);
    }
}
