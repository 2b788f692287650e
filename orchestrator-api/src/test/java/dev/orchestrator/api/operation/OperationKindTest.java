package dev.orchestrator.api.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.operation.Operation.Kind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OperationKindTest {
    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyOperationHasACommandARouteAndHelp(Kind kind) {
        assertThat(kind.commands()).isNotEmpty().startsWith(kind.command()).allMatch(n -> n.matches("[a-z-]+"));
        assertThat(kind.routes()).isNotEmpty().allMatch(n -> n.matches("[a-z-]+"));
        assertThat(kind.help()).isNotBlank();
        assertThat(kind.done()).isNotBlank();
        assertThat(kind.auditType()).isNotBlank();
    }

    @Test
    void noTwoOperationsShareACommandOrARoute() {
        assertThat(Arrays.stream(Kind.values()).flatMap(k -> k.commands().stream()))
                .doesNotHaveDuplicates();
        assertThat(Arrays.stream(Kind.values()).flatMap(k -> k.routes().stream()))
                .doesNotHaveDuplicates();
    }
}
