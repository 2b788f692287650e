package dev.orchestrator.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkippedTestsTest {
    private static final String ABORTED = "org.opentest4j.TestAbortedException";

    @TempDir
    Path root;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private void report(String module, String className, String... reasonsOfSkips) throws IOException {
        Path folder = Files.createDirectories(root.resolve(module).resolve("target/surefire-reports"));
        StringBuilder cases = new StringBuilder("<testcase name=\"passes\" classname=\"" + className + "\"/>");
        for (String reason : reasonsOfSkips) {
            cases.append("<testcase name=\"waits\" classname=\"" + className + "\"><skipped type=\"" + ABORTED
                    + "\"><![CDATA[" + ABORTED + ": " + reason + "\n\tat some.Where]]></skipped></testcase>");
        }
        Files.writeString(
                folder.resolve("TEST-" + className + ".xml"), "<testsuite time=\"1.5\">" + cases + "</testsuite>");
    }

    private void check(int limit) throws IOException {
        new SkippedTests(root, Instant.EPOCH, Set.of("mysql-8.0", "mysql-9"))
                .check(limit, new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void failsAboveTheLimitAndSaysWhichWereSkippedAndWhy() throws IOException {
        report("engine", "a.ATest", "mysql-9 is not here, and so on", "nobody likes it");
        report("jooq", "b.BTest", "Assumption failed: this user may write all files");

        assertThatThrownBy(() -> check(2)).hasMessageContaining("3 tests were skipped and at most 2 may be");
        assertThat(said())
                .contains("skipped: a.ATest.waits: mysql-9 is not here, and so on")
                .contains("skipped: b.BTest.waits: this user may write all files")
                .contains("all in all 5 tests, 3 skipped, 2 may be");
    }

    @Test
    void countsTheTestsOfAModuleThatStandsInAnother() throws IOException {
        report("examples", "a.ATest");
        report("examples/web", "b.BTest", "nobody likes it");

        assertThatThrownBy(() -> check(0)).hasMessageContaining("1 tests were skipped");
        assertThat(said()).contains("examples/web ").contains("all in all 3 tests");
    }

    @Test
    void isContentAtTheLimit() throws IOException {
        report("engine", "a.ATest", "nobody likes it");
        check(1);
        assertThat(said()).contains("2 tests").contains("1.5 s");
    }

    @Test
    void namesTheTestsOfAServerThatNobodyRequiresWithoutCountingThem() throws IOException {
        report("engine", "a.ATest", "mariadb-11.8 is not here; fetch it");
        check(0);
        assertThat(said()).contains("skipped (not counted): a.ATest.waits: mariadb-11.8 is not here");
    }

    @Test
    void leavesOutTheReportsOfAnEarlierBuild() throws IOException {
        report("engine", "a.ATest", "nobody likes it");
        new SkippedTests(root, Instant.now().plusSeconds(60), Set.of())
                .check(0, new PrintStream(said, true, StandardCharsets.UTF_8));
        assertThat(said()).contains("all in all 0 tests, 0 skipped");
    }
}
