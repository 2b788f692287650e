package dev.orchestrator.testkit;

import static java.util.Objects.requireNonNull;

import dev.orchestrator.testkit.internal.FreePorts;
import dev.orchestrator.testkit.internal.ProxyGate;
import dev.orchestrator.testkit.internal.ProxyLink;
import dev.orchestrator.testkit.server.TestkitException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network between two parties that can be broken: listens on a port of 127.0.0.1 and passes everything on to a target.
 * Starts healthy. Thread-safe; its methods do not wait for the connections they change.
 */
public final class TcpProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TcpProxy.class);

    private static final long ACCEPTOR_LIMIT_MILLIS = 1000;

    private final String targetHost;
    private final int targetPort;
    private final int port;
    private final ProxyGate gate = new ProxyGate();
    private final Set<ProxyLink> links = ConcurrentHashMap.newKeySet();
    private @Nullable ServerSocket listener;
    private @Nullable Thread acceptor;

    private TcpProxy(String targetHost, int targetPort) {
        this.targetHost = requireNonNull(targetHost, "targetHost");
        this.targetPort = targetPort;
        this.port = FreePorts.free();
    }

    /** A proxy in front of that server. */
    public static TcpProxy to(DatabaseServer server) {
        return to(server.host(), server.port());
    }

    /** A proxy in front of that address; the target need not be there yet. */
    public static TcpProxy to(String host, int port) {
        TcpProxy proxy = new TcpProxy(host, port);
        proxy.listen();
        return proxy;
    }

    /** Always 127.0.0.1. */
    public String host() {
        return "127.0.0.1";
    }

    /** The port it listens on; stays the same over {@link #cut()} and {@link #heal()}. */
    public int port() {
        return port;
    }

    /** How many connections it holds now. */
    public int connections() {
        return links.size();
    }

    /** Breaks every connection with a reset, and refuses new ones. */
    public synchronized void cut() {
        closeListener();
        links.forEach(ProxyLink::reset);
        // Last, or what a blackhole holds would be delivered.
        gate.open();
    }

    /**
     * Swallows: connections stay and new ones are accepted, but nothing is passed on in either direction. After
     * {@link #heal()} what was held is delivered, as after a pulled cable is put back.
     */
    public synchronized void blackhole() {
        gate.shut();
        listen();
    }

    /** Holds every piece of data that long, in both directions, before it is passed on; zero ends that. */
    public void delay(Duration value) {
        gate.delay(value);
    }

    /** Cuts, as {@link #cut()} does, once that many more bytes have come from the target; no byte more is passed on. */
    public void cutAfter(long bytesFromTarget) {
        if (bytesFromTarget < 0) {
            throw new IllegalArgumentException("negative number of bytes: " + bytesFromTarget);
        }
        gate.allow(bytesFromTarget);
    }

    /** Passes everything on again, without delay. */
    public synchronized void heal() {
        gate.open();
        listen();
    }

    /** Breaks every connection and stops listening. Idempotent. */
    @Override
    public synchronized void close() {
        cut();
        FreePorts.release(port);
    }

    private synchronized void listen() {
        if (listener != null) {
            return;
        }
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host()), port));
            listener = socket;
            Thread thread = new Thread(() -> accept(socket), "testkit-proxy-" + port);
            thread.setDaemon(true);
            thread.start();
            acceptor = thread;
        } catch (IOException e) {
            throw new TestkitException("the proxy cannot listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                ProxyLink link = new ProxyLink(client, gate, this::cut, links::remove);
                links.add(link);
                link.start(targetHost, targetPort);
                if (socket.isClosed()) {
                    link.reset();
                }
            } catch (IOException e) {
                // Closing the socket is how accepting is ended.
                if (!socket.isClosed()) {
                    LOG.atWarn().addKeyValue("port", port).setCause(e).log("proxy cannot accept, stops listening");
                    closeListener();
                }
            }
        }
    }

    private synchronized void closeListener() {
        ServerSocket current = listener;
        listener = null;
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                throw new TestkitException("the proxy cannot stop listening: " + e.getMessage(), e);
            }
            awaitAcceptor();
        }
    }

    /** The kernel keeps the port until the thread that waits for connections has left its call. */
    private void awaitAcceptor() {
        Thread waiting = acceptor;
        acceptor = null;
        if (waiting != null && waiting != Thread.currentThread()) {
            try {
                waiting.join(ACCEPTOR_LIMIT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
