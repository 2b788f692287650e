package dev.orchestrator.testkit.internal.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.testkit.internal.ServerLauncher;
import dev.orchestrator.testkit.server.Availability;
import dev.orchestrator.testkit.server.Availability.State;
import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionsTest {
    private static final String FOLDER = "orchestrator.testkit.mysql-9.dir";

    @TempDir
    Path temporary;

    private Distributions empty() {
        return new Distributions(new Cache(temporary.resolve("cache")));
    }

    @AfterEach
    void forgetTheFolder() {
        System.clearProperty(FOLDER);
    }

    @Test
    void saysHowToGetAPackageThatIsNotHere() {
        Availability availability = empty().availability(ServerPackage.MYSQL_9);
        assertThat(availability.state()).isNotEqualTo(State.FOUND);
        assertThat(availability.explanation()).contains("mysql-9 is not here").contains("-D" + FOLDER);
    }

    @Test
    void takesAFolderThatIsNamed() {
        Path folder = Distributions.shared().get(ServerPackage.MYSQL_8_0).folder();
        System.setProperty("orchestrator.testkit.mysql-8.0.dir", folder.toString());
        try {
            assertThat(empty().get(ServerPackage.MYSQL_8_0).folder()).isEqualTo(folder);
        } finally {
            System.clearProperty("orchestrator.testkit.mysql-8.0.dir");
        }
    }

    @Test
    void refusesAFolderThatIsNotThere() {
        System.setProperty(FOLDER, temporary.resolve("nothing").toString());
        assertThat(empty().availability(ServerPackage.MYSQL_9))
                .isEqualTo(new Availability(
                        State.UNAVAILABLE,
                        "the folder named for mysql-9 is not there: " + temporary.resolve("nothing")));
    }

    @Test
    void refusesAFolderWithoutAServer() {
        System.setProperty(FOLDER, temporary.toString());
        assertThatThrownBy(() -> empty().get(ServerPackage.MYSQL_9))
                .isInstanceOf(TestkitException.class)
                .hasMessageContaining("no bin/mysqld")
                .hasMessageContaining(temporary.toString());
    }

    @Test
    void refusesAnotherVersionThanTheOneAskedFor() {
        Path folder = Distributions.shared().get(ServerPackage.MYSQL_8_0).folder();
        System.setProperty(FOLDER, folder.toString());
        assertThat(empty().availability(ServerPackage.MYSQL_9).explanation())
                .isEqualTo("the server in " + folder + " is 8.0.31, not mysql-9");
    }

    @Test
    void sendsServersIntoContainersOnlyWhenAskedToAndSaysWhenDockerDoesNotAnswer() {
        assertThat(DockerSupport.isChosen()).isFalse();
        System.setProperty("orchestrator.testkit.launcher", "docker");
        try {
            Availability availability = empty().availability(ServerPackage.MYSQL_8_0);
            assertThat(availability.explanation()).containsAnyOf("as a container", "Docker does not answer");
            if (!availability.isFound()) {
                assertThatThrownBy(ServerLauncher::ofThisMachine)
                        .isInstanceOf(TestkitException.class)
                        .hasMessageContaining("Docker does not answer");
            }
        } finally {
            System.clearProperty("orchestrator.testkit.launcher");
        }
    }

    @Test
    void namesTheLibraryThatAServerMisses() throws Exception {
        Path program = Files.createDirectories(temporary.resolve("bin")).resolve("mysqld");
        Files.writeString(
                program,
                "#!/bin/sh\necho 'error while loading shared libraries: libfoo.so.3: cannot open' >&2; exit 127\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        System.setProperty(FOLDER, temporary.toString());
        assertThat(empty().availability(ServerPackage.MYSQL_9).explanation()).contains("libfoo.so.3");
    }
}
