package dev.orchestrator.simulation.conformance;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.StepResult;

/** What scripts do to servers, real or simulated. All return at once, but for commands. */
interface ClusterUnderTest {
    /** Host and port. */
    InstanceKey key(Member member);

    /** An application writes rows, each a transaction, one after the other. */
    void write(Member member, int rows);

    /** The engine tells a server something; what it hears of it. */
    StepResult.Kind command(Member member, InstanceCommand command);

    /** SIGKILL. */
    void kill(Member member);

    /** Starts it again with its configuration file. */
    void start(Member member);

    /** SIGSTOP. */
    void freeze(Member member);

    /** SIGCONT. */
    void thaw(Member member);

    /** Somebody takes the global read lock. */
    void lock(Member member);

    /** And gives it back. */
    void unlock(Member member);

    /** The connections of its receivers break, and whoever comes again is refused with that error. */
    void refuse(Member member, int errno);

    /** Receivers are let in again. */
    void admit(Member member);

    /** All binary logs but an empty one are removed. */
    void purge(Member member);

    /** A second channel beside the default one: both have names then and run. */
    void alsoReplicateFrom(Member member, String own, String other, Member source);

    /** A channel that is configured and was never started. */
    void leaveChannel(Member member, Member source);

    /** Receivers of that server notice within seconds when their source is silent. */
    void impatient(Member member);

    /** Time passes in which receivers that hear nothing give their connections up. */
    void passSilence();

    /** What polls read when all has come to rest. */
    ComparedFacts read();
}
