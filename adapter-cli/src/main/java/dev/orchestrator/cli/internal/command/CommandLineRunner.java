package dev.orchestrator.cli.internal.command;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.standalone.ConfigurationFiles;
import dev.orchestrator.standalone.StandaloneOrchestrator;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import dev.orchestrator.standalone.text.ThisHost;
import dev.orchestrator.standalone.text.Timestamps;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Understands a command line, runs what it says, and turns failures into one line and an exit status. */
public final class CommandLineRunner {
    private static final int OK = 0;
    private static final int FATAL = 1;

    private final PrintStream out;
    private final PrintStream err;
    private final CommandTable commands = new CommandTable();

    /**
     * Makes one.
     *
     * @param out for results
     * @param err for failures, help and the log
     */
    public CommandLineRunner(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Runs a command line.
     *
     * @param args flags and words
     * @return the exit status
     */
    public int run(String[] args) {
        Options options;
        try {
            options = Options.of(new CommandLine(Options.spec())
                    .setPosixClusteredShortOptionsAllowed(false)
                    .parseArgs(args));
        } catch (ParameterException e) {
            return fatal(e.getMessage() + ". See: orchestrator help");
        }
        Logging.configure(options);
        try {
            return dispatch(options);
        } catch (OrchestratorException e) {
            if (options.isOn("stack", false)) {
                e.printStackTrace(err);
            }
            return fatal(e.getMessage());
        } catch (IllegalArgumentException e) {
            return fatal(e.getMessage());
        }
    }

    private int dispatch(Options options) {
        if (options.isOn("version", false)) {
            out.println(Version.TEXT);
            return OK;
        }
        String command = options.get("c");
        List<String> words = options.words();
        if (command == null && words.equals(List.of("cli"))) {
            return fatal("missing -c: which command? See: orchestrator help");
        }
        if (command == null && !words.isEmpty()) {
            command = words.get(0);
            words = words.subList(1, words.size());
        } else if (words.equals(List.of("cli"))) {
            words = List.of();
        }
        if (options.isOn("help", false) || "help".equals(command)) {
            new Help(commands, err).print(words.isEmpty() ? null : words.get(0));
            return OK;
        }
        if (command == null) {
            out.println("Orchestrator: give a command, or http for the service. See: orchestrator help");
            return OK;
        }
        return run(command.toLowerCase(Locale.ROOT), words, options);
    }

    private int run(String name, List<String> words, Options options) {
        boolean takesOne =
                commands.find(name).filter(c -> !c.argument().isEmpty()).isPresent();
        if (words.size() > (takesOne ? 1 : 0)) {
            return fatal("unexpected: " + String.join(" ", words) + " (flags begin with a dash; instances go to -i)");
        }
        if (name.equals("http") || name.equals("continuous")) {
            return new ServiceCommand(options, err).run(name.equals("http"));
        }
        Command command = commands.find(name).orElse(null);
        if (command == null) {
            String meant = commands.nearest(name)
                    .map(near -> " Did you mean " + near + "?")
                    .orElse("");
            return fatal("Unknown command: \"" + name + "\"." + meant + " See: orchestrator help");
        }
        run(command, words.isEmpty() ? null : words.get(0), options);
        return OK;
    }

    private void run(Command command, @Nullable String argument, Options options) {
        StandaloneSettings settings = settings(options);
        if (!options.isOn("quiet", false)) {
            settings.unknownKeys().forEach(text -> say("WARNING", text));
        }
        try (Session session = new Session(settings, command.name())) {
            for (String token : tokens(command, options)) {
                command.work()
                        .run(new CommandCall(options, session::orchestrator, out, session.host(), token, argument));
            }
        }
    }

    static StandaloneSettings settings(Options options) {
        String file = options.get("config");
        return file == null ? ConfigurationFiles.load() : ConfigurationFiles.load(Path.of(file));
    }

    /** The instances a command is run for, one after the other; one null where none is given. */
    private static List<@Nullable String> tokens(Command command, Options options) {
        String given = options.get("i");
        if (given == null) {
            return Collections.singletonList(null);
        }
        List<@Nullable String> tokens = Arrays.asList(given.strip().split("[\\s,]+"));
        return command.instances() ? tokens : tokens.subList(0, 1);
    }

    private int fatal(@Nullable String message) {
        say("FATAL", String.valueOf(message));
        return FATAL;
    }

    private void say(String level, String message) {
        err.println(Timestamps.utc(Instant.now()) + " " + level + " " + message);
    }

    /** The orchestrator a command works on, opened when it is first needed. */
    private static final class Session implements AutoCloseable {
        private final StandaloneSettings settings;
        private final String command;
        private @Nullable StandaloneOrchestrator opened;

        Session(StandaloneSettings settings, String command) {
            this.settings = settings;
            this.command = command;
        }

        Orchestrator orchestrator() {
            if (opened == null) {
                opened = StandaloneOrchestrator.forCommand(settings, command);
            }
            return opened.orchestrator();
        }

        String host() {
            String configured = settings.engine().nodeName();
            return configured.isEmpty() ? ThisHost.name() : configured;
        }

        @Override
        public void close() {
            if (opened != null) {
                opened.close();
            }
        }
    }
}
