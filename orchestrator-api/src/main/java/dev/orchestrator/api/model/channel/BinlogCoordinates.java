package dev.orchestrator.api.model.channel;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;

/**
 * A place in the binary or relay logs of one server.
 *
 * <p>The order is that of writing: by the number at the end of the file name, not by its text, since the server goes on
 * with seven digits after {@code .999999} (MySQL Reference Manual, "The Binary Log"), then by position. Coordinates of
 * different types, base names or servers have an order too, but it means nothing.
 *
 * @param file name of the log file without directory, such as {@code mysql-bin.000017}; never empty
 * @param position byte offset in that file, at least 0
 * @param type which kind of log
 */
public record BinlogCoordinates(String file, long position, Type type) implements Comparable<BinlogCoordinates> {
    /** Which kind of log the coordinates point into. */
    public enum Type {
        BINARY,
        RELAY
    }

    private static final Comparator<BinlogCoordinates> ORDER = Comparator.comparing(BinlogCoordinates::type)
            .thenComparing(BinlogCoordinates::baseName)
            .thenComparingLong(BinlogCoordinates::fileNumber)
            .thenComparingLong(BinlogCoordinates::position)
            // Only names that differ in leading zeros come here; the order has to agree with equals.
            .thenComparing(BinlogCoordinates::file);

    public BinlogCoordinates {
        requireNonNull(file, "file");
        requireNonNull(type, "type");
        if (file.isBlank()) {
            throw new IllegalArgumentException("log file name is empty (position " + position + ")");
        }
        if (position < 0) {
            throw new IllegalArgumentException("position in " + file + " is negative: " + position);
        }
    }

    /**
     * Reads {@code file:position} of a binary log.
     *
     * @throws IllegalArgumentException when the text is not of that form
     */
    public static BinlogCoordinates parse(String text) {
        return parse(text, Type.BINARY);
    }

    /**
     * Reads {@code file:position}.
     *
     * @throws IllegalArgumentException when the text is not of that form
     */
    public static BinlogCoordinates parse(String text, Type type) {
        String stripped = requireNonNull(text, "text").strip();
        int colon = stripped.lastIndexOf(':');
        String digits = stripped.substring(colon + 1);
        if (colon < 1 || !digits.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException(
                    "not log coordinates: saw '" + stripped + "', expected file:position such as mysql-bin.000017:4");
        }
        return new BinlogCoordinates(stripped.substring(0, colon), Long.parseLong(digits), type);
    }

    /** The number at the end of the file name, -1 for a name without one. */
    long fileNumber() {
        int digits = numberStart();
        return digits == file.length() ? -1 : Long.parseLong(file.substring(digits));
    }

    private String baseName() {
        return file.substring(0, numberStart());
    }

    /** Where the digits behind the last dot begin; the length of the name if it has no such number. */
    private int numberStart() {
        int start = file.lastIndexOf('.') + 1;
        return start > 0 && file.substring(start).matches("[0-9]{1,18}") ? start : file.length();
    }

    @Override
    public int compareTo(BinlogCoordinates other) {
        return ORDER.compare(this, other);
    }

    /** {@code file:position}, which {@link #parse} reads back. */
    @Override
    public String toString() {
        return file + ":" + position;
    }
}
