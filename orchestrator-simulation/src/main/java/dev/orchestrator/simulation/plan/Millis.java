package dev.orchestrator.simulation.plan;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Times in words: milliseconds, to the nanosecond. */
final class Millis {
    private static final String UNIT = " ms";
    private static final int DIGITS = 6;

    private Millis() {}

    static String of(long nanos) {
        BigDecimal millis = BigDecimal.valueOf(nanos, DIGITS).stripTrailingZeros();
        return millis.toPlainString() + UNIT;
    }

    static boolean isTime(String words) {
        return words.endsWith(UNIT);
    }

    static long parse(String words) {
        if (!isTime(words)) {
            throw new IllegalArgumentException("'" + words + "' is no time: expected a number and ms");
        }
        return new BigDecimal(words.substring(0, words.length() - UNIT.length()))
                .setScale(DIGITS, RoundingMode.UNNECESSARY)
                .unscaledValue()
                .longValueExact();
    }
}
