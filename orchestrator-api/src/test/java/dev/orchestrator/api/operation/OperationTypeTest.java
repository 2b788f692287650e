package dev.orchestrator.api.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.MoveOperation.Relocate;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeover;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeoverAuto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OperationTypeTest {
    private static final NameResolver NAMES = new NameResolver() {
        @Override
        public InstanceKey instance(String text) {
            InstanceKey key = InstanceKey.parse(text, 3306);
            if (key.hostname().equals("nobody")) {
                throw new OrchestratorException(ErrorCode.UNKNOWN_INSTANCE, "no instance " + key + " is known");
            }
            return key;
        }

        @Override
        public InstanceKey primary(String text) {
            return InstanceKey.parse("primary-of-" + text, 3306);
        }
    };

    /** What was written, by the flags of the command line. */
    private record Written(Map<String, String> flags) implements ArgumentTexts {
        static Written of(String... flagsAndTexts) {
            Map<String, String> flags = new HashMap<>();
            for (int i = 0; i < flagsAndTexts.length; i += 2) {
                flags.put(flagsAndTexts[i], flagsAndTexts[i + 1]);
            }
            return new Written(flags);
        }

        @Override
        public @Nullable String text(Argument<?> argument) {
            return flags.get(argument.flag());
        }

        @Override
        public String place(Argument<?> argument) {
            return "-" + argument.flag();
        }
    }

    static Stream<OperationType<?>> all() {
        return OperationType.all().stream();
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(OperationTypeTest::records)
                : Stream.of(type);
    }

    @Test
    void everyOperationHasARow() {
        List<Class<?>> rows = all().<Class<?>>map(OperationType::operation).toList();
        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(records(Operation.class).toList());
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyRowHasACommandARouteHelpAndAnAuditType(OperationType<?> type) {
        assertThat(type.commands()).isNotEmpty().startsWith(type.command()).allMatch(n -> n.matches("[a-z-]+"));
        assertThat(type.routes()).isNotEmpty().allMatch(n -> n.matches("[a-z-]+"));
        assertThat(type.help()).isNotBlank();
        assertThat(type.section()).isNotBlank();
        assertThat(type.auditType()).isNotBlank();
        assertThat(type.parameters()).isNotEmpty();
        assertThat(type.parameters().stream().dropWhile(Parameter::required))
                .as("those that may be left out come last")
                .noneMatch(Parameter::required);
    }

    @Test
    void noTwoOperationsShareACommandOrARoute() {
        assertThat(all().flatMap(t -> t.commands().stream())).doesNotHaveDuplicates();
        assertThat(all().flatMap(t -> t.routes().stream())).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyOperationIsReadFromItsArgumentsAndSaysThem(OperationType<?> type) {
        Operation read = type.read(Written.of("i", "db1", "d", "db2:3307"), NAMES);
        assertThat(read.type()).isSameAs(type);
        assertThat(read.getClass()).isEqualTo(type.operation());
        boolean two = type.parameters().size() == 2;
        String first = type.parameters().get(0).argument().form() == Argument.Form.CLUSTER ? "primary-of-db1" : "db1";
        assertThat(read.describe()).isEqualTo(type.command() + " " + first + ":3306" + (two ? " db2:3307" : ""));
        assertThat(read.server()).isEqualTo(InstanceKey.parse(first));
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsMissingIsSaidWithItsMeaning(OperationType<?> type) {
        for (Parameter<?> parameter : type.parameters()) {
            Map<String, String> others = new HashMap<>(Map.of("i", "db1", "d", "db2"));
            others.remove(parameter.argument().flag());
            if (parameter.required()) {
                assertThatThrownBy(() -> type.read(new Written(others), NAMES))
                        .isInstanceOfSatisfying(
                                OrchestratorException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
                        .hasMessage("missing -%s (%s)"
                                .formatted(
                                        parameter.argument().flag(),
                                        parameter.argument().meaning()));
            } else {
                assertThat(type.read(new Written(others), NAMES).describe()).doesNotContain("db2");
            }
        }
    }

    @Test
    void whatIsMalformedOrUnknownIsSaid() {
        assertThatThrownBy(() -> Relocate.TYPE.read(Written.of("i", "db1", "d", "db2:x"), NAMES))
                .isInstanceOfSatisfying(
                        OrchestratorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
                .hasMessageContaining("malformed -d")
                .hasMessageContaining("'db2:x'")
                .hasMessageContaining("expected host");
        assertThatThrownBy(() -> Relocate.TYPE.read(Written.of("i", "nobody", "d", "db2"), NAMES))
                .isInstanceOfSatisfying(
                        OrchestratorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_INSTANCE));
    }

    @Test
    void aTakeoverNeedNotSayToWhom() {
        assertThat(GracefulTakeover.TYPE.read(Written.of("i", "main"), NAMES))
                .isEqualTo(new GracefulTakeover(InstanceKey.parse("primary-of-main"), null));
        assertThat(GracefulTakeoverAuto.TYPE.read(Written.of("i", "main", "d", "db2"), NAMES))
                .isEqualTo(new GracefulTakeoverAuto(InstanceKey.parse("primary-of-main"), InstanceKey.parse("db2")));
        assertThat(List.of(GracefulTakeover.TYPE, GracefulTakeoverAuto.TYPE))
                .allMatch(t -> t.answer() == OperationType.Answer.RECOVERY);
    }
}
