package dev.orchestrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TcpProxyTest {
    private ServerSocket echo = newServerSocket();
    private TcpProxy proxy = TcpProxy.to("127.0.0.1", echo.getLocalPort());

    @BeforeEach
    void answerEveryByte() {
        Thread acceptor = new Thread(() -> {
            while (!echo.isClosed()) {
                try {
                    Socket socket = echo.accept();
                    Thread worker = new Thread(() -> echo(socket));
                    worker.setDaemon(true);
                    worker.start();
                } catch (IOException e) {
                    assertThat(echo.isClosed()).isTrue();
                }
            }
        });
        acceptor.setDaemon(true);
        acceptor.start();
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void passesEverythingBothWays() throws IOException {
        try (Socket socket = connect()) {
            assertThat(ask(socket, 42)).isEqualTo(42);
            assertThat(ask(socket, 43)).isEqualTo(43);
            assertThat(proxy.connections()).isEqualTo(1);
        }
    }

    @Test
    void aCutResetsConnectionsAndRefusesNewOnesUntilItIsHealed() throws IOException {
        try (Socket socket = connect()) {
            assertThat(ask(socket, 1)).isEqualTo(1);

            proxy.cut();

            assertThatThrownBy(() -> ask(socket, 2)).isInstanceOf(SocketException.class);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        }

        proxy.heal();
        try (Socket socket = connect()) {
            assertThat(ask(socket, 3)).isEqualTo(3);
        }
    }

    @Test
    void canBeHealedTheMomentItWasCut() {
        for (int i = 0; i < 300; i++) {
            proxy.cut();
            proxy.heal();
        }
        assertThat(proxy.connections()).isZero();
    }

    @Test
    void aBlackholeAcceptsAndHoldsWhatItIsGivenUntilItIsHealed() throws IOException {
        try (Socket before = connect()) {
            assertThat(ask(before, 1)).isEqualTo(1);

            proxy.blackhole();

            before.setSoTimeout(150);
            assertThatThrownBy(() -> ask(before, 2)).isInstanceOf(SocketTimeoutException.class);
            try (Socket after = connect()) {
                after.setSoTimeout(150);
                assertThatThrownBy(() -> ask(after, 3)).isInstanceOf(SocketTimeoutException.class);

                proxy.heal();
                before.setSoTimeout(5000);
                after.setSoTimeout(5000);
                assertThat(before.getInputStream().read()).isEqualTo(2);
                assertThat(after.getInputStream().read()).isEqualTo(3);
            }
        }
    }

    @Test
    void aDelayHoldsDataForThatTime() throws IOException {
        proxy.delay(Duration.ofMillis(60));
        try (Socket socket = connect()) {
            long start = System.nanoTime();
            assertThat(ask(socket, 1)).isEqualTo(1);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
        }
    }

    @Test
    void cutsAfterTheBytesThatWereAllowed() throws IOException {
        try (Socket socket = connect()) {
            proxy.cutAfter(2);
            assertThat(ask(socket, 1)).isEqualTo(1);
            socket.getOutputStream().write(new byte[] {2, 3, 4});
            assertThatThrownBy(() -> {
                        assertThat(socket.getInputStream().readNBytes(3)).hasSizeLessThanOrEqualTo(1);
                        throw new SocketException("ended without a reset");
                    })
                    .isInstanceOf(SocketException.class);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        }
    }

    private static int ask(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        int answer = socket.getInputStream().read();
        if (answer < 0) {
            throw new SocketException("ended");
        }
        return answer;
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(proxy.host(), proxy.port());
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            assertThat(e).isInstanceOf(SocketException.class);
        }
    }

    private static ServerSocket newServerSocket() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
