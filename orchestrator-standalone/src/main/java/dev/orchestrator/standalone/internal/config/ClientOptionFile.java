package dev.orchestrator.standalone.internal.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * User and password of the {@code [client]} section of an option file like my.cnf: comments with # or ;, values with or
 * without quotes.
 */
record ClientOptionFile(@Nullable String user, @Nullable String password) {
    static ClientOptionFile read(Path file) throws IOException {
        String user = null;
        String password = null;
        boolean client = false;
        for (String raw : Files.readAllLines(file)) {
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            if (line.startsWith("[")) {
                client = line.toLowerCase(Locale.ROOT).startsWith("[client]");
                continue;
            }
            int equals = line.indexOf('=');
            if (!client || equals < 0) {
                continue;
            }
            String name = line.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            String value = value(line.substring(equals + 1).strip());
            if (name.equals("user")) {
                user = value;
            } else if (name.equals("password")) {
                password = value;
            }
        }
        return new ClientOptionFile(user, password);
    }

    private static String value(String text) {
        if (text.length() >= 2 && (text.charAt(0) == '"' || text.charAt(0) == '\'')) {
            int end = closingQuote(text);
            if (end > 0) {
                return unescaped(text.substring(1, end));
            }
        }
        // As in MySQL's option files: a # begins a comment in the middle of a line only after a blank.
        int comment = text.indexOf(" #");
        return unescaped(comment < 0 ? text : text.substring(0, comment).strip());
    }

    private static int closingQuote(String text) {
        char quote = text.charAt(0);
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == quote) {
                return i;
            }
        }
        return -1;
    }

    private static String unescaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                out.append(c);
                continue;
            }
            char next = text.charAt(++i);
            switch (next) {
                case 'b' -> out.append('\b');
                case 't' -> out.append('\t');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 's' -> out.append(' ');
                case '\\', '"', '\'' -> out.append(next);
                default -> out.append(c).append(next);
            }
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return "option file of " + user;
    }
}
