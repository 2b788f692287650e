package dev.orchestrator.servlet.internal.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes paths apart as the predecessor did: decoded first, then cut at slashes. */
final class Paths {
    private Paths() {}

    /**
     * The segments of a path, without blanks and newlines around them; one slash at the end is not a segment.
     *
     * @param raw percent-encoded, beginning with a slash
     * @return null when the path cannot be decoded or has an empty segment
     */
    static @Nullable List<String> segments(String raw) {
        String path = decode(raw);
        if (path == null || !path.startsWith("/")) {
            return null;
        }
        String inner = path.substring(1, path.endsWith("/") && path.length() > 1 ? path.length() - 1 : path.length());
        if (inner.isEmpty()) {
            return List.of();
        }
        List<String> segments = new ArrayList<>();
        for (String segment : Arrays.asList(inner.split("/", -1))) {
            String stripped = segment.strip();
            if (stripped.isEmpty()) {
                return null;
            }
            segments.add(stripped);
        }
        return segments;
    }

    /** Decodes percent signs, and nothing else: a plus is a plus. Null when that gives no text. */
    static @Nullable String decode(String raw) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        byte[] in = raw.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < in.length; i++) {
            if (in[i] != '%') {
                bytes.write(in[i]);
                continue;
            }
            int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            bytes.write(high * 16 + low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
