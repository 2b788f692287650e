package dev.orchestrator.standalone.text;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the predecessor writes them: a number and one of s, m, h, d, w. */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})([smhdw])");

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @param text such as {@code 59s}, {@code 59m}, {@code 23h}, {@code 6d} or {@code 4w}
     * @return the duration; may be zero, whether that makes sense is for the caller to say
     * @throws OrchestratorException with {@code INVALID_INPUT} for anything else
     */
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_INPUT,
                    "not a duration: '" + text.strip() + "' (expected a number and a unit, like 59s 59m 23h 6d 4w)");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> Duration.ofDays(7 * amount);
        };
    }
}
