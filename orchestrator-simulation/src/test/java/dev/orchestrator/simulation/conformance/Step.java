package dev.orchestrator.simulation.conformance;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.ChannelOptions;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.testkit.DatabaseServer;
import java.util.function.Function;

/**
 * One step of a script: the language that all scripts are written in.
 *
 * @param words what is done
 * @param action does it; its answer is compared
 */
record Step(String words, Function<ClusterUnderTest, String> action) {
    private static final Credentials ACCOUNT =
            new Credentials(DatabaseServer.REPLICATION_USER, DatabaseServer.REPLICATION_PASSWORD);

    /** Something that has no answer. */
    private interface FenceAction {
        void on(ClusterUnderTest cluster);
    }

    private static Step action(String words, FenceAction action) {
        return new Step(words, cluster -> {
            action.on(cluster);
            return "";
        });
    }

    static Step write(Member member, int rows) {
        return action("an application writes " + rows + " rows on " + member, c -> c.write(member, rows));
    }

    static Step kill(Member member) {
        return action(member + " is killed", c -> c.kill(member));
    }

    static Step start(Member member) {
        return action(member + " starts", c -> c.start(member));
    }

    static Step freeze(Member member) {
        return action(member + " is frozen", c -> c.freeze(member));
    }

    static Step thaw(Member member) {
        return action(member + " is thawed", c -> c.thaw(member));
    }

    static Step lock(Member member) {
        return action("somebody takes the global read lock of " + member, c -> c.lock(member));
    }

    static Step unlock(Member member) {
        return action("the global read lock of " + member + " is given back", c -> c.unlock(member));
    }

    static Step refuse(Member member, int errno) {
        return action(member + " refuses receivers with " + errno, c -> c.refuse(member, errno));
    }

    static Step admit(Member member) {
        return action(member + " lets receivers in again", c -> c.admit(member));
    }

    static Step purge(Member member) {
        return action("the binary logs of " + member + " are purged", c -> c.purge(member));
    }

    static Step alsoReplicateFrom(Member member, String own, String other, Member source) {
        return action(
                member + " reads from " + source + ", too, on the channel " + other,
                c -> c.alsoReplicateFrom(member, own, other, source));
    }

    static Step leaveChannel(Member member, Member source) {
        return action(
                member + " has a channel to " + source + " that was never started",
                c -> c.leaveChannel(member, source));
    }

    static Step impatient(Member member) {
        return action("receivers of " + member + " wait two seconds only", c -> c.impatient(member));
    }

    static Step freezeForLong(Member member) {
        return action(member + " is frozen until its receivers have given it up, twice", c -> {
            c.freeze(member);
            c.passSilence();
        });
    }

    static Step tell(Member member, InstanceCommand command) {
        return new Step(
                member + " is told: " + command.describe(),
                c -> c.command(member, command).name());
    }

    static Step repoint(Member member, Member source) {
        return repoint(member, "", source);
    }

    static Step repoint(Member member, String channel, Member source) {
        return new Step(
                member + " is pointed to " + source + " on '" + channel + "'",
                c -> c.command(member, new InstanceCommand.Repoint(channel, c.key(source)))
                        .name());
    }

    static Step repoint(Member member, InstanceKey elsewhere) {
        return tell(member, new InstanceCommand.Repoint("", elsewhere));
    }

    static Step attach(Member member, Member source) {
        return new Step(
                member + " is attached to " + source,
                c -> c.command(member, new InstanceCommand.AttachTo(c.key(source), ACCOUNT, ChannelOptions.PLAIN))
                        .name());
    }

    static Step stopReceiver(Member member) {
        return tell(member, new InstanceCommand.StopReceiver(""));
    }

    static Step startReceiver(Member member) {
        return tell(member, new InstanceCommand.StartReceiver(""));
    }

    static Step restartReceiver(Member member) {
        return tell(member, new InstanceCommand.RestartReceiver(""));
    }

    static Step awaitReceiver(Member member) {
        return tell(member, new InstanceCommand.AwaitReceiver(""));
    }

    static Step startApplier(Member member) {
        return tell(member, new InstanceCommand.StartApplier(""));
    }

    static Step stopReplication(Member member) {
        return tell(member, new InstanceCommand.StopReplication(""));
    }

    static Step startReplication(Member member) {
        return tell(member, new InstanceCommand.StartReplication(""));
    }

    static Step resetReplication(Member member) {
        return tell(member, new InstanceCommand.ResetReplication(""));
    }

    static Step setReadOnly(Member member, boolean readOnly) {
        return tell(member, new InstanceCommand.SetReadOnly(readOnly));
    }
}
