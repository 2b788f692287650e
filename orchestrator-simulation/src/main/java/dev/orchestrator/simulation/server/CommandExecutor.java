package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Does what a server is told, as the engine's statements and their guards do it on a real one. Not thread-safe. */
final class CommandExecutor {
    private static final Duration USUAL = Duration.ofMillis(2);
    private static final Duration WORST = Duration.ofMillis(600);
    private static final Duration LOCK_WAIT = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration PERSISTS = Duration.ofMillis(500);

    private final SimulatedServer server;

    CommandExecutor(SimulatedServer server) {
        this.server = server;
    }

    /** Takes its time, in which the server may be frozen or die; then looks at its guard and does it. */
    void run(SentCommand order) {
        if (order.command() instanceof InstanceCommand.AwaitExecuted await) {
            awaitExecuted(order, await.gtids());
            return;
        }
        later(server.dice.quick(USUAL, WORST), order, () -> {
            if (!order.serverUuid().equals(server.settings.uuid())) {
                order.failed("guard: it is " + server.settings.uuid());
            } else if (server.events.now() > order.deadline()) {
                order.failed("guard: too late");
            } else {
                server.servers().carriesOut(server, order);
                order.command().match(new Statements(order));
            }
        });
    }

    /** A process that ends meanwhile answers nothing. */
    private void later(long nanos, SentCommand order, Runnable then) {
        boolean[] ended = {false};
        server.onEnd(() -> {
            if (!ended[0]) {
                ended[0] = true;
                order.ended().accept(StepResult.unknown("the connection was lost"));
            }
        });
        server.events.in(nanos, () -> {
            if (!ended[0]) {
                server.arrive(
                        () -> {
                            if (!ended[0]) {
                                ended[0] = true;
                                then.run();
                            }
                        },
                        () -> {});
            }
        });
    }

    private void awaitExecuted(SentCommand order, GtidSet gtids) {
        if (gtids.isSubsetOf(server.executed())) {
            later(server.dice.quick(USUAL.dividedBy(4), USUAL), order, order::done);
            return;
        }
        long left = order.deadline() - server.events.now();
        long patience = Math.max(1, left - Math.min(Duration.ofMillis(250).toNanos(), left / 4));
        boolean[] over = {false};
        server.onEnd(() -> {
            if (!over[0]) {
                over[0] = true;
                order.ended().accept(StepResult.unknown("the connection was lost"));
            }
        });
        lookForExecuted(order, gtids, over);
        server.events.in(
                patience,
                () -> server.arrive(
                        () -> {
                            if (!over[0]) {
                                over[0] = true;
                                order.ended().accept(StepResult.NOT_YET);
                            }
                        },
                        () -> {}));
    }

    private void lookForExecuted(SentCommand order, GtidSet gtids, boolean[] over) {
        server.onProgress(() -> {
            if (over[0]) {
                return;
            }
            if (gtids.isSubsetOf(server.executed())) {
                over[0] = true;
                order.done();
            } else {
                lookForExecuted(order, gtids, over);
            }
        });
    }

    /** What each command does; the outcome is told by the order. */
    private final class Statements implements InstanceCommand.Cases<Boolean, RuntimeException> {
        private final SentCommand order;

        Statements(SentCommand order) {
            this.order = order;
        }

        private @Nullable Channel channel(String name, String what) {
            Channel channel = server.replication().channel(name);
            if (channel == null) {
                order.failed("will not " + what + ": it has no channel '" + name + "'");
            }
            return channel;
        }

        /** Every server has a default channel; where it reads from nobody, it need not be stopped, and applies nothing. */
        private boolean withoutSource(String name) {
            return name.isEmpty() && server.replication().channel(name) == null;
        }

        private boolean done() {
            order.done();
            return true;
        }

        @Override
        public Boolean stopReceiver(InstanceCommand.StopReceiver c) {
            if (withoutSource(c.channel())) {
                return done();
            }
            Channel channel = channel(c.channel(), c.describe());
            if (channel == null) {
                return false;
            }
            channel.stopReceiver();
            return done();
        }

        @Override
        public Boolean startReceiver(InstanceCommand.StartReceiver c) {
            Channel channel = channel(c.channel(), c.describe());
            if (channel == null) {
                return false;
            }
            channel.startReceiver();
            return done();
        }

        @Override
        public Boolean restartReceiver(InstanceCommand.RestartReceiver c) {
            Channel channel = channel(c.channel(), c.describe());
            if (channel == null) {
                return false;
            }
            channel.stopReceiver();
            channel.startReceiver();
            return done();
        }

        @Override
        public Boolean startApplier(InstanceCommand.StartApplier c) {
            if (withoutSource(c.channel())) {
                return done();
            }
            Channel channel = channel(c.channel(), c.describe());
            if (channel == null) {
                return false;
            }
            channel.applier().start();
            return done();
        }

        @Override
        public Boolean stopReplication(InstanceCommand.StopReplication c) {
            if (withoutSource(c.channel())) {
                return done();
            }
            Channel channel = channel(c.channel(), c.describe());
            if (channel == null) {
                return false;
            }
            channel.stopReceiver();
            channel.applier().stop();
            return done();
        }

        @Override
        public Boolean startReplication(InstanceCommand.StartReplication c) {
            Channel channel = channel(c.channel(), c.describe());
            if (channel == null) {
                return false;
            }
            channel.applier().start();
            channel.startReceiver();
            return done();
        }

        @Override
        public Boolean awaitExecuted(InstanceCommand.AwaitExecuted c) {
            throw new IllegalStateException("a wait is no statement");
        }

        @Override
        public Boolean repoint(InstanceCommand.Repoint c) {
            Channel channel = channel(c.channel(), c.describe());
            if (channel == null) {
                return false;
            }
            if (channel.source().equals(c.source())) {
                return done();
            }
            boolean drops = !channel.applier().isRunning();
            if (drops && !channel.pending().isEmpty()) {
                order.failed("will not " + c.describe() + ": it would throw away " + channel.pending());
                return false;
            }
            if (channel.receiver() != ReplicationThreadState.STOPPED) {
                order.failed("3021: This operation cannot be performed with a running replica io thread");
                return false;
            }
            channel.pointTo(c.source());
            return done();
        }

        @Override
        public Boolean attachTo(InstanceCommand.AttachTo c) {
            Channel present = server.replication().channel("");
            if (present != null && !present.pending().isEmpty()) {
                order.failed("will not " + c.describe() + ": it would throw away " + present.pending());
                return false;
            }
            server.replication().removeChannel("");
            server.replication().newChannel("", c.source());
            return done();
        }

        @Override
        public Boolean awaitReceiver(InstanceCommand.AwaitReceiver c) {
            Channel channel = channel(c.channel(), c.describe());
            if (channel == null) {
                return false;
            }
            watch(channel, 0);
            return true;
        }

        private void watch(Channel channel, long failingSince) {
            long now = server.events.now();
            if (channel.isConnected()) {
                order.done();
                return;
            }
            boolean failing = channel.receiverErrno() != 0 || channel.receiver() == ReplicationThreadState.STOPPED;
            long since = !failing ? 0 : failingSince == 0 ? now : failingSince;
            boolean over = order.deadline() - now < LOOK.toNanos();
            if (failing && (over || now - since >= PERSISTS.toNanos())) {
                order.failed("the receiver cannot connect: " + channel.receiverErrno());
            } else if (over) {
                order.ended().accept(StepResult.NOT_YET);
            } else {
                later(LOOK.toNanos(), order, () -> watch(channel, since));
            }
        }

        @Override
        public Boolean resetReplication(InstanceCommand.ResetReplication c) {
            server.replication().removeChannel(c.channel());
            return done();
        }

        @Override
        public Boolean setReadOnly(InstanceCommand.SetReadOnly c) {
            if (!c.readOnly()) {
                server.setReadOnly(false);
                return done();
            }
            if (!server.isCommitting()) {
                server.setReadOnly(true);
                return done();
            }
            // The global read lock waits for commits; then who commits is killed, and it is tried again.
            later(LOCK_WAIT.toNanos(), order, () -> {
                server.semiSync().kill();
                if (server.events.now() > order.deadline()) {
                    order.failed("guard: too late");
                } else {
                    setReadOnly(c);
                }
            });
            return true;
        }

        @Override
        public Boolean setSemiSync(InstanceCommand.SetSemiSync c) {
            server.semiSync().set(c.source(), c.replica());
            return done();
        }

        @Override
        public Boolean killClients(InstanceCommand.KillClients c) {
            server.semiSync().kill();
            return done();
        }
    }
}
