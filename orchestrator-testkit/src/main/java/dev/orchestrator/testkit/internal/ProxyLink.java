package dev.orchestrator.testkit.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.Consumer;

/** One connection through a proxy: a thread for each direction. */
public final class ProxyLink {
    private static final int CONNECT_LIMIT_MILLIS = 5000;

    private final Socket client;
    private final Socket target = new Socket();
    private final ProxyGate gate;
    private final Runnable onUsedUp;
    private final Consumer<ProxyLink> onEnd;

    /**
     * @param onUsedUp called when the gate lets no more bytes of the target through
     * @param onEnd called, maybe more than once, when the connection is over
     */
    public ProxyLink(Socket client, ProxyGate gate, Runnable onUsedUp, Consumer<ProxyLink> onEnd) {
        this.client = client;
        this.gate = gate;
        this.onUsedUp = onUsedUp;
        this.onEnd = onEnd;
    }

    /** Connects to the target, as soon as the gate is open, and passes data both ways until one side ends. */
    public void start(String host, int port) {
        daemon("client", () -> {
            gate.pass();
            client.setTcpNoDelay(true);
            target.connect(new InetSocketAddress(host, port), CONNECT_LIMIT_MILLIS);
            target.setTcpNoDelay(true);
            daemon("target", () -> pump(target, client, true));
            pump(client, target, false);
        });
    }

    /** Ends the connection with a reset to both sides. */
    public void reset() {
        end(client, true);
        end(target, true);
        onEnd.accept(this);
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void daemon(String direction, Work work) {
        Thread thread = new Thread(() -> run(work), "testkit-proxy-" + direction + "-" + client.getPort());
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Work work) {
        try {
            work.run();
            end(client, false);
            end(target, false);
        } catch (IOException e) {
            // One side is gone: the other must see it the same way.
            end(client, true);
            end(target, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        } finally {
            onEnd.accept(this);
        }
    }

    private void pump(Socket from, Socket to, boolean counted) throws IOException, InterruptedException {
        byte[] buffer = new byte[16 * 1024];
        int read;
        while ((read = from.getInputStream().read(buffer)) >= 0) {
            gate.pass();
            int passed = counted ? gate.take(read) : read;
            to.getOutputStream().write(buffer, 0, passed);
            if (counted && gate.isUsedUp()) {
                onUsedUp.run();
                return;
            }
        }
        gate.pass();
    }

    private static void end(Socket socket, boolean hard) {
        try {
            if (hard && !socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException e) {
            // Already broken by the other side, which is what was wanted.
        }
    }
}
