package dev.orchestrator.simulation.conformance;

import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.ServerPackage;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConformanceMySql80Test extends ConformanceContract {
    @RegisterExtension
    static final TopologyExtension TOPOLOGY = TopologyExtension.of(topology().on(ServerPackage.MYSQL_8_0));

    @Override
    TopologyExtension servers() {
        return TOPOLOGY;
    }

    @Override
    List<ConformanceScript> scripts() {
        return Scripts.all();
    }
}
