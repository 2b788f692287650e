package dev.orchestrator.api.model.channel;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The encryption of a receiver's connection. Texts are empty where nothing is set. Files lie on the replica.
 *
 * @param enabled whether the connection is encrypted
 * @param verifiesSource whether the name in the source's certificate must be that of its host
 * @param ca file of the certificate authorities
 * @param caPath folder of certificate authorities
 * @param certificate file of the receiver's certificate
 * @param key file of its key
 * @param cipher the ciphers allowed
 * @param crl file of revoked certificates
 * @param crlPath folder of revoked certificates
 * @param version the protocol versions allowed
 * @param cipherSuites the cipher suites of TLS 1.3; null for the server's own list, which is not the same as none
 */
public record ChannelTls(
        boolean enabled,
        boolean verifiesSource,
        String ca,
        String caPath,
        String certificate,
        String key,
        String cipher,
        String crl,
        String crlPath,
        String version,
        @Nullable String cipherSuites) {
    /** No encryption. */
    public static final ChannelTls OFF = new ChannelTls(false, false, "", "", "", "", "", "", "", "", null);

    /** Checks. */
    public ChannelTls {
        Objects.requireNonNull(ca, "ca");
        Objects.requireNonNull(caPath, "caPath");
        Objects.requireNonNull(certificate, "certificate");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(cipher, "cipher");
        Objects.requireNonNull(crl, "crl");
        Objects.requireNonNull(crlPath, "crlPath");
        Objects.requireNonNull(version, "version");
    }

    /**
     * What it says, for people.
     *
     * @return one line without secrets
     */
    public String describe() {
        if (!enabled) {
            return "TLS off";
        }
        return "TLS on"
                + named(" CA ", ca)
                + named(" CA path ", caPath)
                + named(" certificate ", certificate)
                + named(" key ", key)
                + named(" cipher ", cipher)
                + named(" CRL ", crl)
                + named(" CRL path ", crlPath)
                + named(" version ", version)
                + (verifiesSource ? ", verifies the source's name" : "");
    }

    private static String named(String name, String value) {
        return value.isEmpty() ? "" : name + value;
    }
}
