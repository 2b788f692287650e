package dev.orchestrator.examples.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ToolSettingsTest {
    private final Map<String, String> environment = new HashMap<>(Map.of(
            "NODE", "host1",
            "BACKEND", "db:3306",
            "BACKEND_USER", "orc",
            "BACKEND_PASSWORD", "s3cret",
            "TOPOLOGY_USER", "orchestrator",
            "TOPOLOGY_PASSWORD", "hush",
            "SEEDS", "db1:3306,db2:3307"));

    @Test
    void comeFromTheEnvironment() {
        ToolSettings settings = ToolSettings.of(environment);

        assertThat(settings.seeds()).containsExactly(new InstanceKey("db1", 3306), new InstanceKey("db2", 3307));
        assertThat(settings.interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.besideService()).isFalse();
        assertThat(settings.toString()).contains("host1").doesNotContain("s3cret", "hush");
    }

    @Test
    void whatIsMissingIsNamed() {
        environment.remove("TOPOLOGY_PASSWORD");

        assertThatThrownBy(() -> ToolSettings.of(environment))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining("TOPOLOGY_PASSWORD");
    }
}
