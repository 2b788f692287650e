package dev.orchestrator.engine.internal.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredClustersTest {
    private static final Cluster SHOP = new Cluster(new ClusterId("c1"), "db1.example:3306", "shop-eu", "", null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "db1.example:3306",
                "shop-eu",
                "alias=shop-eu",
                "alias~=^shop-.*$",
                "alias~=eu",
                "db[0-9]\\.example",
                " * "
            })
    void namesTheCluster(String filter) {
        assertThat(ConfiguredClusters.naming(List.of("other", filter), SHOP)).hasValue(filter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop", "alias=shop", "alias~=^eu", "alias~=", "^example", "db1[", "alias~=(", "**"})
    void doesNotNameTheCluster(String filter) {
        assertThat(ConfiguredClusters.naming(List.of(filter), SHOP)).isEmpty();
    }

    @Test
    void noFilterNamesNothing() {
        assertThat(ConfiguredClusters.naming(List.of(), SHOP)).isEmpty();
    }
}
