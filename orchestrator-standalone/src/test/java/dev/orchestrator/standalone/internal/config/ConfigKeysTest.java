package dev.orchestrator.standalone.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConfigKeysTest {
    private record Known(String name, String type, String defaultValue, String mark) {}

    @Test
    void everyKeyOfThePredecessorIsKnownInItsOrderWithItsTypeAndDefault() throws IOException {
        List<Known> known = known();

        assertThat(known).hasSize(190);
        assertThat(ConfigKeys.predecessors().stream().map(k -> k.name() + " " + shown(k.defaultValue())))
                .containsExactlyElementsOf(known.stream()
                        .map(k -> k.name() + " " + k.defaultValue())
                        .toList());
        for (int i = 0; i < known.size(); i++) {
            assertThat(ConfigKeys.predecessors().get(i).type())
                    .as(known.get(i).name())
                    .isSameAs(type(known.get(i).type()));
        }
    }

    @Test
    void namesAreFoundWhateverTheirCase() {
        assertThat(ConfigKeys.find("LISTENADDRESS").map(ConfigKey::name)).contains("ListenAddress");
        assertThat(ConfigKeys.find("NoSuchKey")).isEmpty();
    }

    @Test
    void theDocumentationSaysOfEachKeyWhatItDoes() throws IOException {
        Path page = Path.of("..", "docs", "configuration.md");
        String rows = String.join("\n", documentation());
        if (Boolean.getBoolean("docs.write")) {
            String text = Files.readString(page);
            Files.writeString(page, text.substring(0, text.indexOf("| Key |")) + rows + "\n");
        }
        assertThat(Files.readString(page))
                .as("docs/configuration.md; -Ddocs.write=true renews it")
                .endsWith(rows + "\n");
    }

    private static List<String> documentation() {
        List<String> lines = new ArrayList<>(List.of("| Key | Default | Here | |", "|---|---|---|---|"));
        for (ConfigKey<?> key : ConfigKeys.all()) {
            String value = key.defaultValue() instanceof String s ? '"' + s + '"' : shown(key.defaultValue());
            lines.add("| " + key.name() + " | `" + value + "` | " + key.effect().text() + " | " + key.note() + " |");
        }
        return lines;
    }

    private static String shown(Object value) {
        if (value instanceof List<?> list) {
            return list.isEmpty() ? "[]" : "[\"" + list.get(0) + "\"]";
        }
        return value instanceof Map ? "{}" : value.toString();
    }

    private static ValueType<?> type(String name) {
        return switch (name) {
            case "bool" -> ValueType.BOOL;
            case "string" -> ValueType.STRING;
            case "uint" -> ValueType.UINT;
            case "int", "int64" -> ValueType.INT;
            case "list" -> ValueType.LIST;
            case "map" -> ValueType.MAP;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static List<Known> known() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ConfigKeysTest.class.getResourceAsStream("predecessor-keys.tsv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t", -1))
                    .map(f -> new Known(f[0], f[1], f[2], f[3]))
                    .toList();
        }
    }
}
