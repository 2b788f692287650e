package dev.orchestrator.cli.internal.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * The flags of the predecessor, with one or two dashes, and what was given for them. The model is made by hand and not
 * from annotations: reading annotations by reflection costs a noticeable part of a command's time.
 */
public final class Options {
    private static final String[][] TEXT_FLAGS = {
        {"config", "FILE", "configuration file (the predecessor's JSON)"},
        {"c", "COMMAND", "the command, as the predecessor wants it"},
        {"i", "INSTANCE", "instance, host or host:port; several by comma or blank"},
        {"d", "INSTANCE", "destination instance"},
        {"s", "INSTANCE", "sibling instance, a synonym of -d"},
        {"owner", "NAME", "who does it; the unix user unless given"},
        {"reason", "TEXT", "why"},
        {"duration", "TIME", "how long, like 59s 59m 23h 6d 4w"},
        {"pattern", "REGEXP", "what host:port must match"},
        {"alias", "NAME", "cluster name or alias"},
        {"pool", "NAME", "pool name"},
        {"hostname", "NAME", "virtual host name"},
        {"binlog", "FILE[:POS]", "binary log coordinates"},
        {"statement", "SQL", "statement to inject"},
        {"promotion-rule", "RULE", "prefer, neutral, prefer_not or must_not"},
        {"tag", "EXPRESSION", "tag expression"},
    };
    private static final String[][] SWITCHES = {
        {"discovery", "service: run discovery (-discovery=false: only answer)"},
        {"quiet", "log nothing but errors"},
        {"verbose", "log more"},
        {"debug", "log everything"},
        {"stack", "show where an error comes from"},
        {"strict", "exhaustive search (accepted)"},
        {"skip-binlog-search", "accepted, without effect"},
        {"skip-unresolve", "accepted, without effect"},
        {"skip-unresolve-check", "accepted, without effect"},
        {"noop", "show what would be done, and do nothing"},
        {"grab-election", "service: take leadership at the start"},
        {"version", "print the version"},
        {"skip-continuous-registration", "do not register this process in the backend"},
        {"enable-database-update", "accepted: the schema is always kept current"},
        {"ignore-raft-setup", "accepted, without effect"},
    };

    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<String> words;

    private Options(ParseResult parsed) {
        for (OptionSpec option : parsed.matchedOptions()) {
            values.put(plain(option.longestName()), String.valueOf(option.<Object>getValue()));
        }
        List<String> rest = new ArrayList<>();
        if (parsed.hasMatchedPositional(0)) {
            List<String> given = parsed.matchedPositionalValue(0, List.of());
            rest.addAll(given);
        }
        words = List.copyOf(rest);
    }

    /**
     * The picocli model of all flags.
     *
     * @return a new model
     */
    public static CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("orchestrator");
        for (String[] flag : TEXT_FLAGS) {
            spec.addOption(OptionSpec.builder("-" + flag[0], "--" + flag[0])
                    .paramLabel(flag[1])
                    .description(flag[2])
                    .type(String.class)
                    .build());
        }
        for (String[] flag : SWITCHES) {
            spec.addOption(OptionSpec.builder("-" + flag[0], "--" + flag[0])
                    .description(flag[1])
                    .type(Boolean.class)
                    .arity("0..1")
                    .fallbackValue("true")
                    .build());
        }
        spec.addOption(OptionSpec.builder("-h", "-help", "--help")
                .description("list the commands")
                .type(Boolean.class)
                .arity("0")
                .build());
        spec.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .arity("0..*")
                .paramLabel("COMMAND")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build());
        return spec;
    }

    /**
     * Reads what was parsed.
     *
     * @param parsed the result of picocli
     * @return the flags and words
     */
    public static Options of(ParseResult parsed) {
        return new Options(parsed);
    }

    /**
     * The value of a flag.
     *
     * @param name the flag without dashes
     * @return null when it was not given, or is blank
     */
    public @Nullable String get(String name) {
        String value = values.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /**
     * A switch.
     *
     * @param name the switch without dashes
     * @param unset its value when not given
     * @return whether it is on
     */
    public boolean isOn(String name, boolean unset) {
        String value = values.get(name);
        return value == null ? unset : Boolean.parseBoolean(value);
    }

    /**
     * What was given besides flags.
     *
     * @return the words in order
     */
    public List<String> words() {
        return words;
    }

    private static String plain(String dashed) {
        int start = 0;
        while (dashed.charAt(start) == '-') {
            start++;
        }
        return dashed.substring(start);
    }
}
