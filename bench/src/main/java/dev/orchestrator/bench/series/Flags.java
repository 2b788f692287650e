package dev.orchestrator.bench.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The flags of a series: {@code --name} or {@code --name value}. */
final class Flags {
    private final List<String> left;

    Flags(String[] args) {
        this.left = new ArrayList<>(List.of(args));
    }

    boolean has(String name) {
        return left.remove("--" + name);
    }

    String text(String name, String otherwise) {
        int at = left.indexOf("--" + name);
        if (at < 0) {
            return otherwise;
        }
        if (at + 1 == left.size()) {
            throw new IllegalArgumentException("--" + name + " needs a value");
        }
        left.remove(at);
        return left.remove(at);
    }

    double number(String name, double otherwise) {
        String text = text(name, "");
        try {
            return text.isEmpty() ? otherwise : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + name + " needs a number, not " + text, e);
        }
    }

    int count(String name, int otherwise) {
        return (int) number(name, otherwise);
    }

    SharedBackend.Kind backend() {
        String text = text("backend", "mysql").toUpperCase(Locale.ROOT);
        try {
            return SharedBackend.Kind.valueOf(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--backend is mysql, mariadb or sqlite, not " + text, e);
        }
    }

    /** Call last: what nobody asked for is a mistake. */
    void end() {
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("unknown: " + String.join(" ", left));
        }
    }
}
