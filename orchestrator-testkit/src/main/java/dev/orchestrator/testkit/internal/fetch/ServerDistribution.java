package dev.orchestrator.testkit.internal.fetch;

import dev.orchestrator.testkit.server.ServerPackage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An unpacked server that can be run.
 *
 * @param serverPackage what it is
 * @param version what the program calls itself, such as {@code 8.0.31}
 * @param folder where it is unpacked
 * @param program the first words of the command line: the program, or its own loader with the program
 * @param layout options that tell the program where its parts are
 * @param environment what the program needs in its environment
 */
public record ServerDistribution(
        ServerPackage serverPackage,
        String version,
        Path folder,
        List<String> program,
        List<String> layout,
        Map<String, String> environment) {
    public ServerDistribution {
        program = List.copyOf(program);
        layout = List.copyOf(layout);
        environment = Map.copyOf(environment);
    }

    /** The command line with {@code first} right after the program, where --defaults-file and its like must stand. */
    public List<String> command(String first, List<String> rest) {
        List<String> command = new ArrayList<>(program);
        command.add(first);
        command.addAll(layout);
        command.addAll(rest);
        return command;
    }
}
