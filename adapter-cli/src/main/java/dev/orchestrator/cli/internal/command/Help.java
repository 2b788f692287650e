package dev.orchestrator.cli.internal.command;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Lists the commands and flags. */
final class Help {
    private final CommandTable commands;
    private final PrintStream out;

    Help(CommandTable commands, PrintStream out) {
        this.commands = commands;
        this.out = out;
    }

    void print(@Nullable String name) {
        Command one = name == null ? null : commands.find(name).orElse(null);
        if (one != null) {
            out.println(one.name() + ": " + one.summary());
            return;
        }
        out.println("usage: orchestrator [flags] COMMAND     one command, directly on the backend");
        out.println("       orchestrator [flags] -c COMMAND  the same, as the predecessor wants it");
        out.println("       orchestrator [flags] http        the service: discovery, recovery, HTTP API, web page");
        Map<String, List<Command>> sections = commands.all().stream()
                .collect(Collectors.groupingBy(Command::section, TreeMap::new, Collectors.toList()));
        int width =
                commands.all().stream().mapToInt(c -> c.name().length()).max().orElse(0);
        String layout = "  %-" + (width + 1) + "s %s%n";
        sections.forEach((section, list) -> {
            out.println();
            out.println(section);
            list.forEach(c -> out.printf(layout, c.name(), c.summary()));
        });
        out.println();
        out.println("Flags, with one dash or two");
        out.print(new CommandLine(Options.spec()).getHelp().optionList());
    }
}
