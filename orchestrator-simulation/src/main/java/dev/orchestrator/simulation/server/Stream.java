package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;
import java.util.ArrayDeque;
import java.util.Deque;

/** One receiver's connection to the binary log of its source. What is sent arrives in order. Not thread-safe. */
final class Stream {
    private final SimulatedServer source;
    private final Channel channel;
    private final Deque<Sent> underWay = new ArrayDeque<>();
    private final boolean acknowledges;
    private boolean open = true;

    /** Transactions, and when the last of them was committed on the source. */
    record Sent(GtidSet gtids, long at) {}

    Stream(SimulatedServer source, Channel channel, boolean acknowledges) {
        this.source = source;
        this.channel = channel;
        this.acknowledges = acknowledges;
        source.onEnd(this::sourceEnded);
    }

    SimulatedServer source() {
        return source;
    }

    boolean acknowledges() {
        return acknowledges;
    }

    SimulatedServer replica() {
        return channel.server();
    }

    void send(GtidSet gtids, long at) {
        underWay.add(new Sent(gtids, at));
        from(source, channel.server(), this::deliver);
    }

    private void deliver() {
        Sent sent = underWay.poll();
        if (open && sent != null) {
            channel.received(this, sent);
            if (acknowledges) {
                from(channel.server(), source, () -> source.semiSync().acknowledged(channel.server(), sent.gtids()));
            }
        }
    }

    private void from(SimulatedServer sender, SimulatedServer receiver, Runnable handled) {
        sender.network.send(
                sender.key().hostname(),
                receiver.key().hostname(),
                () -> receiver.arrive(
                        () -> {
                            if (open) {
                                handled.run();
                            }
                        },
                        () -> {}));
    }

    /** The receiver's end is closed; the source notices at once or never, which makes no difference here. */
    void close() {
        open = false;
        source.log().close(this);
    }

    /** The source, or its process, has ended it: the other end learns of it, unless the way is cut. */
    void sourceEnded() {
        source.log().close(this);
        source.network.send(
                source.key().hostname(),
                channel.server().key().hostname(),
                () -> channel.server().arrive(() -> channel.lost(this), () -> {}));
    }
}
