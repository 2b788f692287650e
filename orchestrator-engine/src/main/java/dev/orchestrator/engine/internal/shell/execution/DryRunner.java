package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepRows;
import dev.orchestrator.engine.internal.core.simulation.SimulatedFleet;
import dev.orchestrator.engine.internal.shell.schedule.Clocks;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.Executor;

/** Runs a procedure by the real runner, on servers that exist nowhere. */
public final class DryRunner {
    private static final Duration RIGHT = Duration.ofMinutes(1);

    private final Clocks clocks;
    private final Executor threads;

    /**
     * A runner.
     *
     * @param clocks what time it is
     * @param threads for what goes on side by side
     */
    public DryRunner(Clocks clocks, Executor threads) {
        // Servers that exist nowhere are read by the same clock.
        this.clocks = new Clocks(clocks.day(), clocks.day(), clocks.ticker());
        this.threads = threads;
    }

    /**
     * Runs it to its end.
     *
     * @param procedure the procedure
     * @param begin its first state
     * @return whether it reached its aim
     */
    public boolean run(Procedure procedure, State begin) {
        Servers servers = new Servers(begin.servers().fleet());
        ProcedureRunner runner = new ProcedureRunner(new ProcedureRunner.Links(
                servers::command,
                servers::refresh,
                forAMinute(),
                RecordPort.NONE,
                new StepRows("", 0),
                row -> {},
                Announcer.NOBODY,
                phase -> {},
                threads,
                clocks));
        return runner.run(procedure, begin).end() == Effect.End.SUCCEEDED;
    }

    private Authority forAMinute() {
        long until = clocks.nanos() + RIGHT.toNanos();
        return new Authority() {
            @Override
            public long check() {
                return until;
            }

            @Override
            public Right right() {
                return new Right.OfJournal("");
            }
        };
    }

    /** The simulated servers behind the ports of real ones. */
    private final class Servers {
        // Guarded by the monitor.
        private final SimulatedFleet servers;

        Servers(Fleet fleet) {
            this.servers = new SimulatedFleet(fleet);
        }

        synchronized boolean command(InstanceKey key, Guard guard, InstanceCommand command, Duration timeout) {
            return servers.tell(key, command).isDone();
        }

        synchronized Fleet refresh(Collection<InstanceKey> keys, Duration deadline) {
            Instant now = clocks.readings().instant();
            return servers.fleet()
                    .with(keys.stream()
                            .flatMap(k -> servers.fleet().member(k).stream())
                            .map(m -> readAt(m, now))
                            .toList());
        }

        private static FleetMember readAt(FleetMember m, Instant now) {
            return new FleetMember(
                    m.key(),
                    m.cluster(),
                    m.instance(),
                    m.isReachable() ? now : m.lastSeen(),
                    now,
                    m.failure(),
                    m.failingSince(),
                    Duration.ZERO);
        }
    }
}
