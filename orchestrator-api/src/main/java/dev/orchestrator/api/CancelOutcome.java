package dev.orchestrator.api;

/** What a change does that was asked to stop. */
public enum CancelOutcome {
    /** It puts back what it did: nobody is named as successor in its record. */
    ROLLS_BACK("what it did is put back"),
    /** It ends, and what it did stays as it is. */
    STOPS("it ends, and what it did so far stays"),
    /** Its record names a successor, which may be writable: it goes on to its end. */
    FINISHES("its record names a successor, which may be writable: it goes on to its end"),
    /** It was over before it heard of it. */
    ENDED("it was over before it heard of it"),
    /** Nothing is heard of the process that makes it: nothing more is done, unless it only stood still and goes on. */
    UNHEARD("nothing is heard of the process that makes it: if it is gone, what it did so far stays, its locks end by"
            + " themselves, and whoever leads goes on with it if it is a recovery"),
    /** The node that makes it has not answered yet; it was asked. */
    ASKED("the node that makes it has been asked and has not answered yet; running shows what it does");

    private final String words;

    CancelOutcome(String words) {
        this.words = words;
    }

    /**
     * The outcome in words.
     *
     * @return for people, without the change's name
     */
    public String words() {
        return words;
    }
}
