package dev.orchestrator.engine.internal.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void withholdsAMessageThatQuotesTheBeginningOfASecret() {
        SQLException quoting = new SQLException("String 's3cr...' is too long for PASSWORD", "HY000", 1470);
        assertThat(Failures.rootMessageWithout("s3cret word", quoting))
                .contains("1470")
                .doesNotContain("s3cr");
        assertThat(Failures.rootMessageWithout("other", quoting)).contains("too long");
        assertThat(Failures.rootMessageWithout("", quoting)).contains("too long");
    }

    @Test
    void literalsOfSqlTextCannotBeLeft() {
        assertThat(SqlText.quote("a'b\\c\n\0")).isEqualTo("'a\\'b\\\\c\\n\\0'");
    }

    @Test
    void theProcessListNamesHostsOfEveryKind() {
        assertThat(PollReader.hostOf("10.0.0.7:51824")).isEqualTo("10.0.0.7");
        assertThat(PollReader.hostOf("::1:51824")).isEqualTo("::1");
        assertThat(PollReader.hostOf("[fe80::1]:51824")).isEqualTo("fe80::1");
        assertThat(PollReader.hostOf("db7.example")).isEqualTo("db7.example");
    }
}
