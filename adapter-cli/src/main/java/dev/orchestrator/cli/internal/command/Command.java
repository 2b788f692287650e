package dev.orchestrator.cli.internal.command;

/**
 * One command of the command line.
 *
 * @param name its name
 * @param section the heading it is listed under
 * @param summary what it does, one line
 * @param instances whether it is run once for each instance given by {@code -i}
 * @param argument what stands after its name, such as {@code UID}; empty for nothing
 * @param work what it does
 */
record Command(String name, String section, String summary, boolean instances, String argument, Work work) {
    /** What a command does. */
    @FunctionalInterface
    interface Work {
        /**
         * Does it.
         *
         * @param call the call, with its flags, its way out and the orchestrator
         */
        void run(CommandCall call);
    }

    static Command perInstance(String section, String name, String summary, Work work) {
        return new Command(name, section, summary, true, "", work);
    }

    static Command once(String section, String name, String summary, Work work) {
        return new Command(name, section, summary, false, "", work);
    }

    static Command withArgument(String section, String name, String argument, String summary, Work work) {
        return new Command(name, section, summary, false, argument, work);
    }
}
