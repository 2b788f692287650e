package dev.orchestrator.cli;

import dev.orchestrator.cli.internal.command.CommandLineRunner;

/** The {@code orchestrator} command. */
public final class Main {
    private Main() {}

    /**
     * Runs one command and ends the process with its exit status: 0 for success, 1 for any failure.
     *
     * @param args flags and words as in the predecessor: {@code orchestrator topology -i h:p}, or
     *     {@code orchestrator -c topology -i h:p}
     */
    public static void main(String[] args) {
        int status = new CommandLineRunner(System.out, System.err).run(args);
        System.out.flush();
        System.exit(status);
    }
}
