package dev.orchestrator.api.model;

import dev.orchestrator.api.model.GtidSet.Entry;
import dev.orchestrator.api.model.GtidSource.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the text of one GTID set; see {@link GtidSet#parse} for what it accepts. Used once. */
final class GtidSetParser {
    private static final int UUID_LENGTH = 36;
    private static final int MAX_TAG_LENGTH = 32;
    /** The manual's upper limit: the greatest signed 64-bit number itself is never assigned. */
    private static final long MAX_MYSQL_NUMBER = Long.MAX_VALUE - 1;

    private static final long MAX_UNSIGNED_INT = 0xFFFF_FFFFL;
    private static final int EXCERPT = 24;

    private final String text;
    private final Map<GtidSource, Collected> collected = new TreeMap<>();
    private int at;
    private @Nullable Dialect dialect;

    /** Ranges of one source so far, and who wrote the greatest number of them. */
    private static final class Collected {
        final Intervals.Builder ranges = new Intervals.Builder(4);
        long top;
        long server;
    }

    GtidSetParser(String text) {
        this.text = text;
    }

    GtidSet parse() {
        skipCommas();
        while (at < text.length()) {
            parseItem();
            skipSpace();
            if (at < text.length() && text.charAt(at) != ',') {
                throw bad(at, dialect == Dialect.MARIADB ? "',' or the end" : "':', ',' or the end");
            }
            skipCommas();
        }
        List<Entry> entries = new ArrayList<>(collected.size());
        collected.forEach((source, found) -> entries.add(new Entry(source, found.ranges.build(), found.server)));
        return GtidSet.ofSorted(entries);
    }

    private void parseItem() {
        Dialect found = dialectHere();
        if (dialect != null && dialect != found) {
            throw bad(at, "another item of " + dialect.title + " as before; one set cannot hold both kinds");
        }
        dialect = found;
        if (found == Dialect.MYSQL) {
            parseMySql();
        } else {
            parseMariaDb();
        }
    }

    private Dialect dialectHere() {
        if (looksLikeUuid()) {
            return Dialect.MYSQL;
        }
        int end = at;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        if (end > at && end < text.length() && text.charAt(end) == '-') {
            return Dialect.MARIADB;
        }
        throw bad(at, "a UUID (8-4-4-4-12 hexadecimal digits) or a MariaDB GTID (domain-server-sequence)");
    }

    private boolean looksLikeUuid() {
        if (text.length() - at < UUID_LENGTH) {
            return false;
        }
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = text.charAt(at + i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : Character.digit(c, 16) < 0 || c > 'f') {
                return false;
            }
        }
        return true;
    }

    /** {@code uuid:[tag:]interval[:[tag:]interval]...}; a tag holds until the next one. */
    private void parseMySql() {
        UUID uuid = UUID.fromString(text.substring(at, at + UUID_LENGTH));
        at += UUID_LENGTH;
        String tag = "";
        expect(':', "':' and an interval after the UUID");
        do {
            skipSpace();
            if (at < text.length() && isTagStart(text.charAt(at))) {
                tag = parseTag();
                expect(':', "':' and an interval after the tag");
                skipSpace();
            }
            parseInterval(GtidSource.mysql(uuid, tag));
            skipSpace();
        } while (skip(':'));
    }

    private String parseTag() {
        int start = at;
        while (at < text.length() && (isTagStart(text.charAt(at)) || isDigit(text.charAt(at)))) {
            at++;
        }
        if (at - start > MAX_TAG_LENGTH) {
            throw bad(start, "a tag of at most " + MAX_TAG_LENGTH + " characters");
        }
        return text.substring(start, at).toLowerCase(Locale.ROOT);
    }

    private void parseInterval(GtidSource source) {
        int start = at;
        long first = number(1, MAX_MYSQL_NUMBER, "a transaction number or an interval such as 1-5");
        long last = first;
        skipSpace();
        if (skip('-')) {
            skipSpace();
            last = number(1, MAX_MYSQL_NUMBER, "the last transaction number of the interval");
        }
        add(source, start, first, last, 0);
    }

    /** {@code domain-server-sequence}, or our own {@code domain-server-first..last} for what is no position. */
    private void parseMariaDb() {
        long domain = number(0, MAX_UNSIGNED_INT, "a domain number");
        expect('-', "'-' and a server number after the domain");
        long server = number(0, MAX_UNSIGNED_INT, "a server number");
        expect('-', "'-' and a sequence number after the server");
        int start = at;
        long last = number(0, Long.MAX_VALUE, "a sequence number");
        long first = 1;
        if (text.startsWith("..", at)) {
            at += 2;
            first = last;
            if (first == 0) {
                throw bad(start, "a first sequence number of at least 1");
            }
            last = number(1, Long.MAX_VALUE, "the last sequence number of the interval");
        }
        if (last > 0) {
            add(GtidSource.mariaDb(domain), start, first, last, server);
        }
    }

    private void add(GtidSource source, int start, long first, long last, long server) {
        if (first > last) {
            throw bad(start, "an interval that does not end before it begins");
        }
        Collected found = collected.computeIfAbsent(source, s -> new Collected());
        found.ranges.add(first, last);
        if (last > found.top || (last == found.top && server > found.server)) {
            found.top = last;
            found.server = server;
        }
    }

    private long number(long min, long max, String expected) {
        int start = at;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw bad(start, expected);
        }
        long value;
        try {
            value = Long.parseLong(text, start, at, 10);
        } catch (NumberFormatException e) {
            throw bad(start, expected + " from " + min + " to " + max, e);
        }
        if (value < min || value > max) {
            throw bad(start, expected + " from " + min + " to " + max);
        }
        return value;
    }

    private void expect(char wanted, String expected) {
        skipSpace();
        if (!skip(wanted)) {
            throw bad(at, expected);
        }
    }

    private boolean skip(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private void skipCommas() {
        skipSpace();
        while (skip(',')) {
            skipSpace();
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isTagStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private IllegalArgumentException bad(int offset, String expected) {
        return bad(offset, expected, null);
    }

    private IllegalArgumentException bad(int offset, String expected, @Nullable Throwable cause) {
        String seen = "the end of the text";
        if (offset < text.length()) {
            int end = Math.min(text.length(), offset + EXCERPT);
            seen = "'" + text.substring(offset, end).replaceAll("\\s", " ") + (end < text.length() ? "...'" : "'");
        }
        return new IllegalArgumentException(
                "not a GTID set: saw " + seen + " at offset " + offset + ", expected " + expected, cause);
    }
}
