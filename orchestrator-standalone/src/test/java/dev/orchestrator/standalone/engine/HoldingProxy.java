package dev.orchestrator.standalone.engine;

import dev.orchestrator.api.model.InstanceKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes everything on to a server until a client sends a certain text: that piece is held, until it is let go, as a
 * network holds it in which a packet got stuck.
 */
final class HoldingProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HoldingProxy.class);

    private final ServerSocket listener;
    private final InstanceKey target;
    private final String text;
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch free = new CountDownLatch(1);
    private final CountDownLatch delivered = new CountDownLatch(1);

    HoldingProxy(InstanceKey target, String text) throws IOException {
        this.target = target;
        this.text = text;
        this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        inBackground(this::accept);
    }

    InstanceKey key() {
        return new InstanceKey("127.0.0.1", listener.getLocalPort());
    }

    boolean isHolding() {
        return held.getCount() == 0;
    }

    /** Lets what is held go on; waits until the server has answered it. */
    void letGo() throws InterruptedException {
        free.countDown();
        if (!delivered.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the server does not answer what was held");
        }
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            Socket server = new Socket(target.hostname(), target.port());
            inBackground(() -> toServer(client, server));
            inBackground(() -> toClient(client, server));
        }
    }

    private void toServer(Socket client, Socket server) throws IOException {
        byte[] piece = new byte[65_536];
        InputStream in = client.getInputStream();
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            if (!isHolding() && new String(piece, 0, read, StandardCharsets.ISO_8859_1).contains(text)) {
                held.countDown();
                awaitFreedom();
            }
            server.getOutputStream().write(piece, 0, read);
        }
    }

    private void awaitFreedom() throws IOException {
        try {
            free.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void toClient(Socket client, Socket server) throws IOException {
        byte[] piece = new byte[65_536];
        InputStream in = server.getInputStream();
        OutputStream out = client.getOutputStream();
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            if (free.getCount() == 0) {
                delivered.countDown();
            }
            out.write(piece, 0, read);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void inBackground(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        LOG.atDebug().setCause(e).log("a connection ended, and the thread that served it");
                    }
                },
                "holding-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        free.countDown();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
