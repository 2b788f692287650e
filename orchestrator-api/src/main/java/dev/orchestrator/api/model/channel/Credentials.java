package dev.orchestrator.api.model.channel;

import java.util.Objects;

/** An account and its password. The password never shows. */
public final class Credentials {
    private final String user;
    private final String password;

    /**
     * Makes a pair.
     *
     * @param user the account
     * @param password its password
     */
    public Credentials(String user, String password) {
        this.user = Objects.requireNonNull(user, "user");
        this.password = Objects.requireNonNull(password, "password");
    }

    /**
     * The account.
     *
     * @return its name
     */
    public String user() {
        return user;
    }

    /**
     * The password, to be given to the server and to nobody else.
     *
     * @return the password in the clear
     */
    public String password() {
        return password;
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object o) {
        return o instanceof Credentials other && user.equals(other.user) && password.equals(other.password);
    }

    @Override
    public int hashCode() {
        return user.hashCode();
    }

    @Override
    public String toString() {
        return user + "/***";
    }
}
