package dev.orchestrator.standalone.text;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the instance an operator means: by a part of its name for reading, by its exact name for everything else. */
public final class InstanceNames {
    private InstanceNames() {}

    /**
     * The instance of that name, else the only one with that port whose host name contains the text.
     *
     * @param fleet the fleet
     * @param key what was asked for
     * @return the instance
     * @throws OrchestratorException with {@code UNKNOWN_INSTANCE} when none or several fit
     */
    public static FleetMember forReading(Fleet fleet, InstanceKey key) {
        Optional<FleetMember> exact = fleet.member(key);
        if (exact.isPresent()) {
            return exact.get();
        }
        // A part of an address would be found in many others.
        List<FleetMember> fitting = isAddress(key.hostname()) ? List.of() : containing(fleet, key);
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        if (fitting.size() > 1) {
            throw new OrchestratorException(
                    ErrorCode.UNKNOWN_INSTANCE,
                    "which instance is " + key + "? It fits " + names(fitting) + "; write more of the name");
        }
        throw unknown(fleet, key);
    }

    /**
     * The instance of exactly that name, or of another full name of it.
     *
     * @param fleet the fleet
     * @param key what was asked for
     * @return the instance
     * @throws OrchestratorException with {@code UNKNOWN_INSTANCE} when there is none; names the nearest
     */
    public static FleetMember exact(Fleet fleet, InstanceKey key) {
        return fleet.member(key).orElseThrow(() -> unknown(fleet, key));
    }

    /**
     * The error for a name that leads nowhere.
     *
     * @param fleet the fleet
     * @param key what was asked for
     * @return the error, which names the nearest known instance
     */
    public static OrchestratorException unknown(Fleet fleet, InstanceKey key) {
        List<FleetMember> fitting = containing(fleet, key);
        String nearest = fitting.isEmpty()
                ? NearestName.of(
                                key.toString(),
                                Stream.concat(
                                                fleet.members().stream().map(FleetMember::key),
                                                fleet.otherNames().keySet().stream())
                                        .map(InstanceKey::toString)
                                        .toList())
                        .orElse("")
                : names(fitting);
        return new OrchestratorException(
                ErrorCode.UNKNOWN_INSTANCE,
                "no instance " + key + " is known"
                        + (nearest.isEmpty() ? "; discover it first" : "; did you mean " + nearest + "?"));
    }

    private static List<FleetMember> containing(Fleet fleet, InstanceKey key) {
        return fleet.members().stream()
                .filter(m -> m.key().port() == key.port() && m.key().hostname().contains(key.hostname()))
                .toList();
    }

    private static boolean isAddress(String hostname) {
        return hostname.indexOf(':') >= 0 || hostname.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    private static String names(List<FleetMember> members) {
        return String.join(
                ", ", members.stream().limit(5).map(m -> m.key().toString()).toList());
    }
}
