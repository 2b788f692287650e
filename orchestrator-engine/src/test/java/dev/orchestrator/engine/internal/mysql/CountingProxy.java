package dev.orchestrator.engine.internal.mysql;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to a server that counts what is sent to it, lets answers only trickle through, or spoils one. */
final class CountingProxy implements Closeable {
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger connections = new AtomicInteger();
    volatile boolean trickling;
    final AtomicBoolean spoilsNext = new AtomicBoolean();

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int target;

    CountingProxy(int target) throws IOException {
        this.target = target;
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.addAll(List.of(client, server));
            connections.incrementAndGet();
            start(() -> copy(client, server, true));
            start(() -> copy(server, client, false));
        }
    }

    private void copy(Socket from, Socket to, boolean request) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[65_536];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (request) {
                requests.incrementAndGet();
            } else if (spoilsNext.getAndSet(false)) {
                // The count of columns is said to be two bytes longer than its packet.
                buffer[4] = (byte) 0xFC;
            }
            for (int sent = 0; sent < n; ) {
                int length = !request && trickling ? 1 : n - sent;
                out.write(buffer, sent, length);
                sent += length;
                pauseIfTrickling(request);
            }
        }
        to.close();
    }

    private void pauseIfTrickling(boolean request) {
        if (!request && trickling) {
            try {
                boolean never = new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
                trickling = trickling && !never;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // The other side went away, or the proxy is being closed: this copy has nothing more to do.
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
