package dev.orchestrator.api.model;

import java.util.Locale;

/** What operators think of promoting an instance. */
public enum PromotionRule {
    /** Must be promoted if at all possible. */
    MUST,
    /** Better than others. */
    PREFER,
    /** No opinion. */
    NEUTRAL,
    /** Only when there is no better one. */
    PREFER_NOT,
    /** Never. */
    MUST_NOT;

    /**
     * Reads the compatible spelling.
     *
     * @param text {@code must}, {@code prefer}, {@code neutral}, {@code prefer_not} or {@code must_not}
     * @throws IllegalArgumentException for anything else
     */
    public static PromotionRule parse(String text) {
        for (PromotionRule rule : values()) {
            if (rule.text().equals(text.strip().toLowerCase(Locale.ROOT))) {
                return rule;
            }
        }
        throw new IllegalArgumentException(
                "not a promotion rule: '" + text + "' (expected must, prefer, neutral, prefer_not or must_not)");
    }

    /**
     * The spelling used by the command line, the HTTP API and the backend.
     *
     * @return the rule in lower case
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
