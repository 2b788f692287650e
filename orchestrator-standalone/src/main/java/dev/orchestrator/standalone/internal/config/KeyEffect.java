package dev.orchestrator.standalone.internal.config;

/** What a key of the configuration file does here. */
public enum KeyEffect {
    /** It has the effect it had. */
    HONOURED("honoured"),
    /** It is accepted in silence: it had no effect, or what it asked for is always or never so here. */
    NO_EFFECT("accepted, without effect"),
    /** It is useful and not honoured yet; a value other than the default is warned about. */
    NOT_YET("not yet (warning)"),
    /** Ignoring it would be unsafe: a value other than the default stops the start. */
    STOPS_START("not yet (stops the start)"),
    /** Ignoring it could promote the wrong server: a value other than the default switches automatic recovery off. */
    STOPS_RECOVERY("not yet (switches automatic recovery off)");

    private final String text;

    KeyEffect(String text) {
        this.text = text;
    }

    /**
     * The words of the documentation.
     *
     * @return a few words
     */
    public String text() {
        return text;
    }
}
