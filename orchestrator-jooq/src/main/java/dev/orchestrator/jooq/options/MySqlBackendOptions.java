package dev.orchestrator.jooq.options;

import static java.util.Objects.requireNonNull;

import dev.orchestrator.api.model.InstanceKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a MySQL or MariaDB backend is and how to log in. Immutable. {@link #toString} never shows the password. */
public final class MySqlBackendOptions {
    private final InstanceKey address;
    private final String database;
    private final String user;
    private final String password;
    private final SslMode sslMode;
    private final Map<String, String> properties;

    /** Whether and how the connection is encrypted; the names are those of the driver. */
    public enum SslMode {
        /** No encryption. */
        DISABLED,
        /** Encryption if the server offers it. */
        PREFERRED,
        /** Encryption, whoever the server is. */
        REQUIRED,
        /** Encryption, and the server's certificate is checked. */
        VERIFY_CA,
        /** Encryption, and the server's certificate is checked and must name the host. */
        VERIFY_IDENTITY
    }

    private MySqlBackendOptions(Builder b) {
        this.address = b.address;
        this.database = b.database;
        this.user = b.user;
        this.password = b.password;
        this.sslMode = b.sslMode;
        this.properties = Map.copyOf(b.properties);
    }

    /**
     * Starts a new one.
     *
     * @param address where the server listens
     * @param database the schema, which is made when it is missing and the account may do so
     * @return a builder
     */
    public static Builder builder(InstanceKey address, String database) {
        return new Builder(address, database);
    }

    /**
     * A builder that starts from this one.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        return toBuilder(address);
    }

    private Builder toBuilder(InstanceKey otherAddress) {
        Builder b = new Builder(otherAddress, database).login(user, password).sslMode(sslMode);
        properties.forEach(b::property);
        return b;
    }

    /**
     * The same schema and account on another server.
     *
     * @param otherAddress where that server listens
     * @return new options
     */
    public MySqlBackendOptions at(InstanceKey otherAddress) {
        return toBuilder(otherAddress).build();
    }

    /**
     * Where the server listens.
     *
     * @return host and port
     */
    public InstanceKey address() {
        return address;
    }

    /**
     * The schema.
     *
     * @return its name
     */
    public String database() {
        return database;
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
     * The account's password.
     *
     * @return the secret; empty for none
     */
    public String password() {
        return password;
    }

    /**
     * Whether the connection is encrypted.
     *
     * @return the mode
     */
    public SslMode sslMode() {
        return sslMode;
    }

    /**
     * Further properties of the driver (MySQL Connector/J), such as key stores; they win over ours.
     *
     * @return name to value
     */
    public Map<String, String> properties() {
        return properties;
    }

    /** Address, schema and account; never the password. */
    @Override
    public String toString() {
        return "mysql at " + address + "/" + database + " as " + user;
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private final InstanceKey address;
        private final String database;
        private String user = "";
        private String password = "";
        private SslMode sslMode = SslMode.PREFERRED;
        private final Map<String, String> properties = new LinkedHashMap<>();

        private Builder(InstanceKey address, String database) {
            this.address = requireNonNull(address, "address");
            this.database = requireNonNull(database, "database");
        }

        /**
         * Sets the account.
         *
         * @param userName its name
         * @param secret its password
         * @return this
         */
        public Builder login(String userName, String secret) {
            this.user = requireNonNull(userName, "userName");
            this.password = requireNonNull(secret, "secret");
            return this;
        }

        /**
         * Sets {@link MySqlBackendOptions#sslMode()}.
         *
         * @param value the mode; {@code PREFERRED} unless set
         * @return this
         */
        public Builder sslMode(SslMode value) {
            this.sslMode = requireNonNull(value, "value");
            return this;
        }

        /**
         * Adds one of {@link MySqlBackendOptions#properties()}.
         *
         * @param name the driver's name of it
         * @param value its value
         * @return this
         */
        public Builder property(String name, String value) {
            properties.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
            return this;
        }

        /**
         * Finishes.
         *
         * @return the options
         * @throws IllegalArgumentException when the schema's name is none
         */
        public MySqlBackendOptions build() {
            if (!database.matches("[\\p{Alnum}_$.-]{1,64}")) {
                throw new IllegalArgumentException("not a usable name of a MySQL schema: '" + database
                        + "' (expected 1 to 64 letters, digits, _, $, - or .)");
            }
            return new MySqlBackendOptions(this);
        }
    }
}
