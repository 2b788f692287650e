package dev.orchestrator.api.operation;

import dev.orchestrator.api.model.InstanceKey;
import java.util.Objects;

/**
 * One argument of an operation: what it is called, where it is written, and how it is read.
 *
 * @param name its name in the operation and in HTTP paths
 * @param flag its flag on the command line
 * @param form how it is written
 * @param meaning what it is, for people
 * @param type what it is read as
 * @param parser reads it
 * @param <T> what it is read as
 */
public record Argument<T>(String name, String flag, Form form, String meaning, Class<T> type, Parser<T> parser) {
    /** The replica that an operation is about. */
    public static final Argument<InstanceKey> REPLICA =
            instance("replica", "i", "the instance to work on, host or host:port");

    /** The server that an operation is about. */
    public static final Argument<InstanceKey> SERVER =
            instance("server", "i", "the instance to work on, host or host:port");

    /** The server to replicate from. */
    public static final Argument<InstanceKey> BELOW =
            instance("below", "d", "the instance to replicate from, host or host:port");

    /** The replica that is to take over. */
    public static final Argument<InstanceKey> SUCCESSOR =
            instance("successor", "d", "the replica to take over, host or host:port");

    /** The primary of a cluster. */
    public static final Argument<InstanceKey> PRIMARY = new Argument<>(
            "primary",
            "i",
            Form.CLUSTER,
            "the cluster, by its alias or one of its members",
            InstanceKey.class,
            (text, names) -> names.primary(text));

    /** How an argument is written: what an adapter must know to find it. */
    public enum Form {
        /** An instance by its exact name. */
        INSTANCE,
        /** A cluster by its name or alias, or by the exact name of a member. */
        CLUSTER
    }

    /**
     * Reads an argument.
     *
     * @param <T> what it is read as
     */
    @FunctionalInterface
    public interface Parser<T> {
        /**
         * Reads an argument.
         *
         * @param text as it was written
         * @param names finds what is named
         * @return what is meant
         * @throws IllegalArgumentException when the text is malformed; the message says what was expected
         */
        T parse(String text, NameResolver names);
    }

    /** Nothing is left out. */
    public Argument {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(flag, "flag");
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(meaning, "meaning");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(parser, "parser");
    }

    private static Argument<InstanceKey> instance(String name, String flag, String meaning) {
        return new Argument<>(
                name, flag, Form.INSTANCE, meaning, InstanceKey.class, (text, names) -> names.instance(text));
    }
}
