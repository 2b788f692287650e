package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.simulation.kind.ServerSettings;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.simulation.world.EventQueue;
import dev.orchestrator.simulation.world.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A server process and its data. It may run, be frozen (connections are accepted, nothing is answered, everything is done
 * when it is thawed) or be down (connections are refused). Not thread-safe.
 */
public final class SimulatedServer {
    private static final Duration BOOT = Duration.ofMillis(400);

    final EventQueue events;
    final Dice dice;
    final Network network;
    final ServerSettings settings;
    private final SimulatedServers servers;
    private final BinaryLog log;
    private final SimulatedSemiSync semiSync;
    private final Contents contents = new Contents(this);
    private final Conflicts conflicts = new Conflicts();
    private final Replication replication = new Replication(this);
    private final Obstacles obstacles = new Obstacles(this);
    private final List<Runnable> onEnd = new ArrayList<>();
    private final List<Runnable> onProgress = new ArrayList<>();
    private final CommandExecutor commands = new CommandExecutor(this);
    private final ServerProcess process = new ServerProcess();
    private boolean readOnly;
    private boolean startsReadOnly;

    /** The state of the server's process. */
    public enum Running {
        /** It runs. */
        UP,
        /** It is stopped by a signal, its host is overloaded, its disk hangs. */
        FROZEN,
        /** It is not running. */
        DOWN
    }

    SimulatedServer(EventQueue events, Dice dice, Network network, SimulatedServers servers, ServerSettings settings) {
        this.events = events;
        this.dice = dice;
        this.network = network;
        this.servers = servers;
        this.settings = settings;
        this.readOnly = settings.readOnly();
        this.startsReadOnly = settings.readOnly();
        this.log = new BinaryLog(this);
        this.semiSync = new SimulatedSemiSync(this);
    }

    /**
     * Its host and port.
     *
     * @return the key
     */
    public InstanceKey key() {
        return settings.key();
    }

    /**
     * What it is by its configuration file.
     *
     * @return the settings
     */
    public ServerSettings settings() {
        return settings;
    }

    /**
     * The state of its process.
     *
     * @return now
     */
    public Running process() {
        return process.state();
    }

    /**
     * Whether a client's write is accepted.
     *
     * @return false also while it is frozen or down
     */
    public boolean takesWrites() {
        return process.is(Running.UP) && !readOnly;
    }

    /**
     * Whether it is set to accept no writes, whatever its process does.
     *
     * @return read_only, which is super_read_only here
     */
    public boolean isReadOnly() {
        return readOnly;
    }

    /**
     * What it has executed: gtid_executed.
     *
     * @return without commits that still wait for an acknowledgement
     */
    public GtidSet executed() {
        return log.executed();
    }

    /**
     * What it has executed and cannot send to anybody any more: gtid_purged.
     *
     * @return a part of what it has executed
     */
    public GtidSet purged() {
        return log.purged();
    }

    /**
     * What it has received on all channels, executed or not.
     *
     * @return with what is executed
     */
    public GtidSet held() {
        return log.written().union(replication.retrieved());
    }

    /**
     * Whether its main channel runs and reads from one of these.
     *
     * @param sources living servers
     * @return false also when its receiver is stopped
     */
    public boolean replicatesFrom(List<SimulatedServer> sources) {
        return replication.isConnectedToOneOf(sources);
    }

    /**
     * Whether one of its receivers stands as somebody, or a restart, has left it.
     *
     * @return false when somebody has started it or pointed it elsewhere since
     */
    public boolean isLeftStanding() {
        return replication.isLeftStanding();
    }

    /** Somebody writes read_only in its configuration file: it is so after the next restart. */
    public void startReadOnly() {
        startsReadOnly = true;
    }

    /**
     * Whether its process ended once.
     *
     * @return true also while it is down
     */
    public boolean wasRestarted() {
        return process.ends() > 0;
    }

    /**
     * Whether its process stood still once.
     *
     * @return true also when it goes on
     */
    public boolean wasFrozen() {
        return process.wasFrozen();
    }

    /**
     * Its channels.
     *
     * @return from whom it replicates
     */
    public Replication replication() {
        return replication;
    }

    /**
     * What keeps it from doing what it otherwise does.
     *
     * @return mostly nothing
     */
    public Obstacles obstacles() {
        return obstacles;
    }

    BinaryLog log() {
        return log;
    }

    Contents contents() {
        return contents;
    }

    Conflicts conflicts() {
        return conflicts;
    }

    /**
     * Whether rows of it are not as its source has them, whether or not its applier has met them.
     *
     * @return true when somebody has written there while it replicated
     */
    public boolean hasConflicts() {
        return conflicts.areThere();
    }

    Schemas schemas() {
        return servers.schemas();
    }

    /**
     * What it has executed without the rows that clients wrote: they were filtered away, here or before they came here.
     *
     * @return a part of what it has executed
     */
    public GtidSet absent() {
        return contents.absent();
    }

    SimulatedSemiSync semiSync() {
        return semiSync;
    }

    SimulatedServers servers() {
        return servers;
    }

    long uptimeNanos() {
        return events.now() - process.startedAt();
    }

    /** Whether a commit is under way that a global read lock would have to wait for. */
    boolean isCommitting() {
        return obstacles.isLocked() || semiSync.isWaiting();
    }

    void setReadOnly(boolean value) {
        readOnly = value;
        servers.changed();
    }

    /**
     * What it holds when a world begins.
     *
     * @param gtids executed transactions
     */
    public void begin(GtidSet gtids) {
        log.begin(gtids);
    }

    /**
     * Makes it a replica that is running, as it is when a world begins.
     *
     * @param source its source
     */
    public void replicateFrom(InstanceKey source) {
        readOnly = true;
        replication.begin(source);
    }

    /**
     * Whether one of its channels reads from there, running or not.
     *
     * @param source a server
     * @return false when it was pointed elsewhere
     */
    public boolean reads(InstanceKey source) {
        return replication.reads(source);
    }

    /**
     * When its process ended last.
     *
     * @return in nanoseconds of true time
     */
    public long diedAt() {
        return process.endedAt();
    }

    /**
     * Something arrives over the network.
     *
     * @param handled what it does with it; happens at once, when it is thawed, or never
     * @param refused happens instead when it is down
     */
    public void arrive(Runnable handled, Runnable refused) {
        process.arrive(handled, refused);
    }

    /** Something was executed or committed: whoever waits for it looks again. */
    void progressed() {
        List<Runnable> waiting = List.copyOf(onProgress);
        onProgress.clear();
        waiting.forEach(Runnable::run);
    }

    void onProgress(Runnable look) {
        onProgress.add(look);
    }

    /**
     * Somebody sends a command.
     *
     * @param order the command, its guard, and who hears of its end
     */
    public void command(SentCommand order) {
        arrive(() -> commands.run(order), order::refused);
    }

    /**
     * A client writes one row and commits.
     *
     * @param schema where it belongs
     * @param committed told the transaction when it is acknowledged, perhaps much later or never
     * @param failed told when it is refused
     */
    public void write(String schema, Consumer<GtidSet> committed, Runnable failed) {
        arrive(
                () -> {
                    if (readOnly || obstacles.isLocked()) {
                        failed.run();
                    } else {
                        GtidSet gtid = log.write();
                        schemas().wrote(gtid, schema);
                        contents.wrote(gtid);
                        semiSync.commit(gtid, () -> committed.accept(gtid));
                        progressed();
                    }
                },
                failed);
    }

    /**
     * What a poll reads.
     *
     * @return the facts
     */
    public Instance facts() {
        return Facts.of(this);
    }

    /**
     * Has something done when this process ends: connections over it break.
     *
     * @param broken what, once
     */
    public void onEnd(Runnable broken) {
        onEnd.add(broken);
    }

    /** Everything answers no more, and goes on when it is thawed. */
    public void freeze() {
        if (process.is(Running.UP)) {
            process.freeze();
            servers.changed();
        }
    }

    /** Goes on. */
    public void thaw() {
        if (process.is(Running.FROZEN)) {
            List<Runnable> waiting = process.thaw();
            servers.changed();
            waiting.forEach(Runnable::run);
            replication.goOn();
        }
    }

    /** The process ends at once. Connections break; what waited for an acknowledgement is in the binary log. */
    public void kill() {
        if (process.is(Running.DOWN)) {
            return;
        }
        List<Runnable> refused = process.end(events.now());
        servers.changed();
        onProgress.clear();
        obstacles.crash();
        semiSync.crash();
        replication.crash();
        List<Runnable> broken = List.copyOf(onEnd);
        onEnd.clear();
        broken.forEach(Runnable::run);
        refused.forEach(Runnable::run);
    }

    /** Starts again, with what its configuration file says. */
    public void start() {
        if (!process.is(Running.DOWN)) {
            return;
        }
        int ends = process.ends();
        events.in(BOOT, () -> {
            if (process.is(Running.DOWN) && process.ends() == ends) {
                booted();
            }
        });
    }

    private void booted() {
        process.start(events.now());
        servers.changed();
        readOnly = startsReadOnly;
        log.recover();
        semiSync.boot();
        replication.boot();
    }
}
