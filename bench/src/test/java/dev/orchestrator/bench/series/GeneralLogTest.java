package dev.orchestrator.bench.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.bench.series.GeneralLog.Change;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class GeneralLogTest {
    private static final List<String> LOG = List.of(
            "/x/mysqld, Version: 8.0.31 (MySQL Community Server - GPL). started with:",
            "2026-01-01T10:00:00.000001Z\t    8 Connect\tservice-1@127.0.0.1 on  using TCP/IP",
            "2026-01-01T10:00:00.000002Z\t    9 Connect\troot@127.0.0.1 on mysql using TCP/IP",
            "2026-01-01T10:00:01.000000Z\t    8 Query\t/* orchestrator command */ SELECT IF(1, 0, 1)",
            "2026-01-01T10:00:01.500000Z\t    8 Query\tSTOP REPLICA IO_THREAD FOR CHANNEL ''",
            "2026-01-01T10:00:02.000000Z\t    9 Query\tSTOP REPLICA",
            "2026-01-01T10:00:03.000000Z\t    8 Query\tSET SESSION lock_wait_timeout = 1",
            "2026-01-01T10:00:04.000000Z\t    8 Query\t/* orchestrator command */ SET GLOBAL super_read_only = 0",
            "2026-01-01T10:00:05.000000Z\t    8 Quit\t",
            "2026-01-01T10:00:06.000000Z\t    8 Connect\troot@127.0.0.1 on  using TCP/IP",
            "2026-01-01T10:00:07.000000Z\t    8 Query\tRESET REPLICA ALL");

    @Test
    void findsWhatTheNamedAccountsChanged() {
        assertThat(GeneralLog.changes(LOG, List.of("service-1", "service-2")))
                .containsExactly(
                        new Change(
                                Instant.parse("2026-01-01T10:00:01.500Z"),
                                "service-1",
                                "STOP REPLICA IO_THREAD FOR CHANNEL ''"),
                        new Change(
                                Instant.parse("2026-01-01T10:00:04Z"),
                                "service-1",
                                "/* orchestrator command */ SET GLOBAL super_read_only = 0"));
    }
}
