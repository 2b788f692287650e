package dev.orchestrator.api.model;

/**
 * Why a poll got no complete answer.
 *
 * @param kind how far it came
 * @param message what happened, for people; without secrets
 */
public record ProbeFailure(Kind kind, String message) {
    /** How far a poll came before it failed. */
    public enum Kind {
        /** The host name has no address. */
        UNRESOLVABLE,
        /** Nothing listens at the port, or a held connection was reset: the process is gone. */
        REFUSED,
        /** No answer within the deadline: the server is frozen, overloaded or cut off. */
        TIMEOUT,
        /** An established connection broke in the middle of an answer. */
        CONNECTION_LOST,
        /** The server answered and refused our account. */
        ACCESS_DENIED,
        /** The server answered that it has no connection left for us. */
        TOO_MANY_CONNECTIONS,
        /** What answers is not a MySQL server, or not one we understand. */
        NOT_MYSQL,
        /** The server refused a statement the poll cannot do without. */
        STATEMENT_REFUSED
    }

    /**
     * Whether the server itself answered, so that it is not dead whatever else is wrong.
     *
     * @return true when an answer of a living server was seen
     */
    public boolean serverAnswered() {
        return switch (kind) {
            case ACCESS_DENIED, TOO_MANY_CONNECTIONS, NOT_MYSQL, STATEMENT_REFUSED -> true;
            case UNRESOLVABLE, REFUSED, TIMEOUT, CONNECTION_LOST -> false;
        };
    }
}
