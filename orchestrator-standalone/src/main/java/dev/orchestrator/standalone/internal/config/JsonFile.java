package dev.orchestrator.standalone.internal.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.orchestrator.standalone.internal.config.ConfigProblems.Place;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a JSON file whose top is an object, and remembers where each of its keys stands. */
final class JsonFile {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final String file;
    private final ConfigProblems problems;

    private JsonFile(Path file, ConfigProblems problems) {
        this.file = file.toString();
        this.problems = problems;
    }

    /**
     * One key of the object.
     *
     * @param name as written
     * @param value Boolean, Long, Double, String, List or Map; null for null
     * @param place where the key stands
     */
    record Entry(String name, @Nullable Object value, Place place) {}

    /** The entries in the file's order; what is wrong goes to the problems. */
    static List<Entry> read(Path file, ConfigProblems problems) {
        return new JsonFile(file, problems).entries(file);
    }

    private List<Entry> entries(Path path) {
        List<Entry> entries = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(text(path))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                problems.error(new Place(file, 1, 1), "expected { at the beginning of the file");
                return entries;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                Place place = place(parser.currentTokenLocation());
                parser.nextToken();
                entries.add(new Entry(name, value(parser), place));
            }
            if (parser.nextToken() != null) {
                problems.error(place(parser.currentTokenLocation()), "expected nothing after the closing }");
            }
        } catch (JsonProcessingException e) {
            problems.error(place(e.getLocation()), "not valid JSON: " + firstLine(e.getOriginalMessage()));
        } catch (NoSuchFileException e) {
            problems.error(null, "there is no configuration file " + file);
        } catch (AccessDeniedException e) {
            problems.error(null, "cannot read " + file + ": this user may not");
        } catch (CharacterCodingException e) {
            problems.error(null, "cannot read " + file + ": it is not text in UTF-8");
        } catch (IOException e) {
            problems.error(null, "cannot read " + file + ": " + e.getMessage());
        }
        return entries;
    }

    /** The file without the byte order mark that some editors put before it. */
    private static String text(Path path) throws IOException {
        String text = Files.readString(path);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? (Object) parser.getDoubleValue()
                        : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case START_ARRAY -> list(parser);
            case START_OBJECT -> map(parser);
            default -> throw new IOException("unexpected " + parser.currentToken() + " in " + file);
        };
    }

    private List<Object> list(JsonParser parser) throws IOException {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Object value = value(parser);
            list.add(value == null ? "" : value);
        }
        return list;
    }

    private Map<String, Object> map(JsonParser parser) throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            Object value = value(parser);
            map.put(name, value == null ? "" : value);
        }
        return map;
    }

    private Place place(@Nullable JsonLocation location) {
        return location == null ? new Place(file, 1, 1) : new Place(file, location.getLineNr(), location.getColumnNr());
    }

    /** Jackson repeats a part of the source after the first line; it might hold a password. */
    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
