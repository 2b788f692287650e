package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import java.util.Optional;

/**
 * What follows from a poll.
 *
 * @param ending how it ended, for the schedule
 * @param isFurtherName whether the key is not the one that the server goes by
 * @param follow the facts whose names are to be looked behind. Who is no member is followed once it is admitted: else its
 *     own further names might be known before it
 * @param silence how a server that others replicate from failed to answer; empty when it answered anything, or nobody does
 * @param repeated whether the poll before failed too
 */
public record PollNews(
        PollSchedule.Ending ending,
        boolean isFurtherName,
        Optional<Instance> follow,
        Optional<ProbeFailure> silence,
        boolean repeated) {
    /**
     * Looks.
     *
     * @param observation what the poll brought
     * @param before the server before that
     * @param fleet the fleet that knows of it
     * @return what follows; a further name that leads nowhere, or elsewhere by now, makes nobody suspect
     */
    public static PollNews of(Observation observation, Optional<FleetMember> before, Fleet fleet) {
        InstanceKey key = observation.key();
        boolean further = !fleet.canonical(key).equals(key);
        boolean source = !further && SentinelChoice.isSource(fleet, key);
        Optional<ProbeFailure> silent = observation.failed().filter(f -> !f.serverAnswered());
        return new PollNews(
                new PollSchedule.Ending(observation.facts().isPresent(), silent.isEmpty(), source),
                further,
                observation.facts().filter(f -> fleet.member(key).isPresent()),
                silent.filter(f -> source),
                before.map(b -> b.failure() != null).orElse(false));
    }
}
