package dev.orchestrator.simulation.conformance;

import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.SemiSync;
import dev.orchestrator.testkit.server.ServerPackage;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The 9.x alone brings semi-sync among the servers that can be had. */
class ConformanceSemiSyncMySql9Test extends ConformanceContract {
    @RegisterExtension
    static final TopologyExtension TOPOLOGY =
            TopologyExtension.of(topology().on(ServerPackage.MYSQL_9).semiSync(SemiSync.lossless()));

    @Override
    TopologyExtension servers() {
        return TOPOLOGY;
    }

    @Override
    OptionFile initially(Member member) {
        return OptionFile.of(member).withSemiSync(SemiSync.lossless());
    }

    @Override
    List<ConformanceScript> scripts() {
        return SemiSyncScripts.all();
    }
}
