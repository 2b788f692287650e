package dev.orchestrator.api.operation;

import dev.orchestrator.api.OrchestratorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The row of an operation: all that adapters and the audit must know of it. Command line, HTTP routes and help are made
 * from it; which procedure carries it out is bound in the engine.
 *
 * @param <O> the operation
 */
public final class OperationType<O extends Operation> {
    private final Class<O> operation;
    private final String section;
    private final String command;
    private final List<Parameter<O>> parameters;
    private final List<String> synonyms;
    private final List<String> routes;
    private final String help;
    private final Answer answer;
    private final String auditType;
    private final Function<ArgumentValues, O> reader;
    private final Function<OperationOutcome, String> done;
    private final Function<OperationOutcome, String> audited;

    /** What is shown of an operation that has reached its aim. */
    public enum Answer {
        /** The server. */
        SERVER,
        /** The replica and what it replicates from now. */
        REPLICA_AND_SOURCE,
        /** The record of the recovery: who took over. */
        RECOVERY
    }

    private OperationType(Builder<O> b) {
        this.operation = b.operation;
        this.section = b.section;
        this.command = b.command;
        this.parameters = List.copyOf(b.parameters);
        this.synonyms = b.synonyms;
        this.routes = b.routes;
        this.help = b.help;
        this.answer = b.answer;
        this.auditType = b.auditType;
        this.reader = Objects.requireNonNull(b.reader, "reader");
        this.done = Objects.requireNonNull(b.done, "done");
        this.audited = Objects.requireNonNull(b.audited, "audited");
    }

    /**
     * All rows.
     *
     * @return in the order in which they are listed
     */
    public static List<OperationType<?>> all() {
        return Stream.of(
                        MoveOperation.types(),
                        ReplicationOperation.types(),
                        WriteOperation.types(),
                        FenceOperation.types(),
                        TakeoverOperation.types())
                .<OperationType<?>>flatMap(List::stream)
                .toList();
    }

    /**
     * The operation that an order names.
     *
     * @param texts what was written
     * @param names finds what is named
     * @return the operation
     * @throws OrchestratorException that says what is missing, malformed or not known
     */
    public O read(ArgumentTexts texts, NameResolver names) {
        return reader.apply(ArgumentValues.read(parameters, texts, names));
    }

    /**
     * The class of its operations.
     *
     * @return a record
     */
    public Class<O> operation() {
        return operation;
    }

    /**
     * The heading it is listed under.
     *
     * @return such as {@code Relocation}
     */
    public String section() {
        return section;
    }

    /**
     * The name people order it by, as on the command line.
     *
     * @return such as {@code relocate}
     */
    public String command() {
        return command;
    }

    /**
     * All names on the command line.
     *
     * @return {@link #command()} first, then its synonyms
     */
    public List<String> commands() {
        return Stream.concat(Stream.of(command), synonyms.stream()).toList();
    }

    /**
     * The names of its HTTP routes.
     *
     * @return the predecessor's, each meaning the same
     */
    public List<String> routes() {
        return routes;
    }

    /**
     * Its arguments.
     *
     * @return in order; those that may be left out come last
     */
    public List<Parameter<O>> parameters() {
        return parameters;
    }

    /**
     * What it does, for the help of the command line.
     *
     * @return a few words
     */
    public String help() {
        return help;
    }

    /**
     * What is shown when it has reached its aim.
     *
     * @return the kind of answer
     */
    public Answer answer() {
        return answer;
    }

    /**
     * What is said when it has reached its aim.
     *
     * @param outcome what came of it
     * @return a sentence
     */
    public String done(OperationOutcome outcome) {
        return done.apply(outcome)
                + outcome.notes().stream().map(note -> "; " + note).collect(Collectors.joining());
    }

    /**
     * The name in the audit trail, in the predecessor's words.
     *
     * @return such as {@code relocate-below}
     */
    public String auditType() {
        return auditType;
    }

    /**
     * What the audit trail says of it.
     *
     * @param outcome what came of it
     * @return done, refused or failed, and why
     */
    public String auditMessage(OperationOutcome outcome) {
        String failure = outcome.failure();
        return outcome.refusal()
                .map(v -> "refused: " + v.refusal() + ": " + v.facts())
                .orElseGet(() -> failure == null ? audited.apply(outcome) : "failed: " + failure);
    }

    String describe(Operation order) {
        O own = operation.cast(order);
        StringBuilder text = new StringBuilder(command);
        for (Parameter<O> parameter : parameters) {
            Object value = parameter.accessor().of(own);
            if (value != null) {
                text.append(' ').append(value);
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return command;
    }

    static <O extends Operation> Builder<O> builder(String section, String command, Class<O> operation) {
        return new Builder<>(section, command, operation);
    }

    /** Makes a row. */
    static final class Builder<O extends Operation> {
        private final String section;
        private final String command;
        private final Class<O> operation;
        private final List<Parameter<O>> parameters = new ArrayList<>();
        private List<String> synonyms = List.of();
        private List<String> routes = List.of();
        private String help = "";
        private Answer answer = Answer.SERVER;
        private String auditType = "";
        private @Nullable Function<ArgumentValues, O> reader;
        private @Nullable Function<OperationOutcome, String> done;
        private @Nullable Function<OperationOutcome, String> audited;

        private Builder(String section, String command, Class<O> operation) {
            this.section = section;
            this.command = command;
            this.operation = operation;
        }

        Builder<O> takes(Argument<?> argument, Parameter.Accessor<O> accessor) {
            parameters.add(new Parameter<>(argument, true, accessor));
            return this;
        }

        Builder<O> mayTake(Argument<?> argument, Parameter.Accessor<O> accessor) {
            parameters.add(new Parameter<>(argument, false, accessor));
            return this;
        }

        Builder<O> readBy(Function<ArgumentValues, O> from) {
            this.reader = from;
            return this;
        }

        Builder<O> synonyms(String... names) {
            this.synonyms = List.of(names);
            return this;
        }

        Builder<O> routes(String... names) {
            this.routes = List.of(names);
            return this;
        }

        Builder<O> help(String words) {
            this.help = words;
            return this;
        }

        Builder<O> answers(Answer kind) {
            this.answer = kind;
            return this;
        }

        Builder<O> done(Function<OperationOutcome, String> sentence) {
            this.done = sentence;
            return this;
        }

        Builder<O> audited(String type, Function<OperationOutcome, String> message) {
            this.auditType = type;
            this.audited = message;
            return this;
        }

        OperationType<O> build() {
            return new OperationType<>(this);
        }
    }
}
