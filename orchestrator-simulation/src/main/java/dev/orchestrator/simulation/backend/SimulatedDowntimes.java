package dev.orchestrator.simulation.backend;

import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.model.InstanceKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** The downtimes in the backend: each ends by the backend's clock. Not thread-safe. */
public final class SimulatedDowntimes {
    private final Map<Downtime, Long> rows = new LinkedHashMap<>();

    SimulatedDowntimes copy() {
        SimulatedDowntimes copy = new SimulatedDowntimes();
        copy.rows.putAll(rows);
        return copy;
    }

    /**
     * Begins one.
     *
     * @param downtime of a server
     * @param until when it ends, by the backend's time
     */
    public void begin(Downtime downtime, long until) {
        rows.put(downtime, until);
    }

    /**
     * Ends those of a server.
     *
     * @param server the server
     */
    public void end(InstanceKey server) {
        rows.keySet().removeIf(d -> d.instance().equals(server));
    }

    /**
     * The downtimes that last.
     *
     * @param now the backend's time
     * @return by server
     */
    public Map<InstanceKey, Downtime> lasting(long now) {
        Map<InstanceKey, Downtime> lasting = new LinkedHashMap<>();
        rows.forEach((downtime, until) -> {
            if (until > now) {
                lasting.put(downtime.instance(), downtime);
            }
        });
        return lasting;
    }
}
