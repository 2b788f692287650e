package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.channel.ChannelOptions;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.model.channel.ChannelTls;
import dev.orchestrator.api.model.channel.Credentials;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a channel's settings from one row, wherever it comes from: mysql.slave_master_info,
 * performance_schema.replication_connection_configuration or a status statement, in this order in the lists of names.
 */
final class ChannelSettingsRow {
    private static final Set<String> YES = Set.of("1", "yes", "true");

    private final ResultSet row;
    private final Set<String> columns = new HashSet<>();

    ChannelSettingsRow(ResultSet row) throws SQLException {
        this.row = row;
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            columns.add(row.getMetaData().getColumnLabel(i).toLowerCase(Locale.ROOT));
        }
    }

    boolean isOf(String channel) throws SQLException {
        return text("channel_name", "connection_name").equals(channel);
    }

    ChannelOptions options() throws SQLException {
        return new ChannelOptions(
                tls(),
                text("public_key_path"),
                flag("get_public_key", "get_source_public_key", "get_master_public_key"),
                text(
                        "master_compression_algorithm",
                        "source_compression_algorithm",
                        "compression_algorithms",
                        "compression_algorithm"),
                number("master_zstd_compression_level", "source_zstd_compression_level", "zstd_compression_level")
                        .intValue(),
                Duration.ofMillis(number("heartbeat", "heartbeat_interval", "slave_heartbeat_period")
                        .movePointRight(3)
                        .longValue()),
                Duration.ofSeconds(
                        number("connect_retry", "connection_retry_interval").longValue()),
                number("retry_count", "connection_retry_count", "master_retry_count")
                        .longValue());
    }

    private ChannelTls tls() throws SQLException {
        return new ChannelTls(
                flag("enabled_ssl", "ssl_allowed", "master_ssl_allowed"),
                flag("ssl_verify_server_cert", "ssl_verify_server_certificate", "master_ssl_verify_server_cert"),
                text("ssl_ca", "ssl_ca_file", "master_ssl_ca_file"),
                text("ssl_capath", "ssl_ca_path", "master_ssl_ca_path"),
                text("ssl_cert", "ssl_certificate", "master_ssl_cert"),
                text("ssl_key", "master_ssl_key"),
                text("ssl_cipher", "master_ssl_cipher"),
                text("ssl_crl", "ssl_crl_file", "master_ssl_crl"),
                text("ssl_crlpath", "ssl_crl_path", "master_ssl_crlpath"),
                text("tls_version"),
                value("tls_ciphersuites"));
    }

    /** Empty where the row holds none, and where it holds a name only. */
    Optional<Credentials> credentials() throws SQLException {
        String user = value("user_name");
        String password = value("user_password");
        return user == null || user.isEmpty() || password == null
                ? Optional.empty()
                : Optional.of(new Credentials(user, password));
    }

    /**
     * A channel with the account of another row, by place: user, password, and perhaps the files of certificate authority,
     * certificate and key.
     */
    static ChannelSettings withAccount(ChannelSettings channel, ResultSet row) throws SQLException {
        ChannelTls tls = channel.options().tls();
        String ca = at(row, 3);
        String certificate = at(row, 4);
        String key = at(row, 5);
        ChannelTls files = new ChannelTls(
                tls.enabled() || !(ca + certificate + key).isEmpty(),
                tls.verifiesSource(),
                ca.isEmpty() ? tls.ca() : ca,
                tls.caPath(),
                certificate.isEmpty() ? tls.certificate() : certificate,
                key.isEmpty() ? tls.key() : key,
                tls.cipher(),
                tls.crl(),
                tls.crlPath(),
                tls.version(),
                tls.cipherSuites());
        String user = at(row, 1);
        return new ChannelSettings(
                user.isEmpty() ? Optional.empty() : Optional.of(new Credentials(user, at(row, 2))),
                channel.options().withTls(files));
    }

    private static String at(ResultSet row, int column) throws SQLException {
        String text = column <= row.getMetaData().getColumnCount() ? row.getString(column) : null;
        return text == null ? "" : text;
    }

    private boolean flag(String... names) throws SQLException {
        return YES.contains(text(names).toLowerCase(Locale.ROOT));
    }

    private BigDecimal number(String... names) throws SQLException {
        String text = text(names);
        return text.isEmpty() ? BigDecimal.ZERO : new BigDecimal(text);
    }

    private String text(String... names) throws SQLException {
        String value = value(names);
        return value == null ? "" : value;
    }

    private @Nullable String value(String... names) throws SQLException {
        for (String name : names) {
            if (columns.contains(name)) {
                return row.getString(name);
            }
        }
        return null;
    }
}
