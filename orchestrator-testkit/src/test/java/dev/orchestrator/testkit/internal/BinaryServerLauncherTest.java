package dev.orchestrator.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.internal.fetch.Distributions;
import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

@RealServers
class BinaryServerLauncherTest {
    @Test
    void takesAnotherPortWhenSomebodyWasQuicker() throws Exception {
        try (ServerSocket quicker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int free = FreePorts.free();
            Deque<Integer> ports = new ArrayDeque<>(List.of(quicker.getLocalPort(), free));
            ServerHandle server = new BinaryServerLauncher(Distributions.shared(), ports::remove)
                    .launch(ServerOptions.of(ServerPackage.MYSQL_5_7));
            try {
                assertThat(server.port()).isEqualTo(free);
            } finally {
                server.discard();
            }
        }
    }

    @Test
    void saysWhatIsWrongWhenNoPortCanBeHad() throws Exception {
        try (ServerSocket quicker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> new BinaryServerLauncher(Distributions.shared(), quicker::getLocalPort)
                            .launch(ServerOptions.of(ServerPackage.MYSQL_5_7)))
                    .isInstanceOf(TestkitException.class)
                    .hasMessageContaining("Address already in use")
                    .hasMessageContaining(String.valueOf(quicker.getLocalPort()));
        }
    }
}
