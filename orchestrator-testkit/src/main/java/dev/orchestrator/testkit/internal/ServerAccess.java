package dev.orchestrator.testkit.internal;

/** How any server of the testkit is reached: what {@link InitSql} makes, and URLs. */
public final class ServerAccess {
    /** The user that may do everything. */
    public static final String ROOT_USER = "root";
    /** Its password. */
    public static final String ROOT_PASSWORD = "root";
    /** The user that read_only stops. */
    public static final String APPLICATION_USER = "app";
    /** Its password. */
    public static final String APPLICATION_PASSWORD = "app";

    private ServerAccess() {}

    /**
     * A JDBC URL.
     *
     * @param host a server's, or a proxy's
     * @param port a server's, or a proxy's
     * @param schema empty for none
     * @return without TLS, which the servers do not have
     */
    public static String jdbcUrl(String host, int port, String schema) {
        return "jdbc:mysql://" + host + ":" + port + "/" + schema + "?sslMode=DISABLED&allowPublicKeyRetrieval=true";
    }
}
