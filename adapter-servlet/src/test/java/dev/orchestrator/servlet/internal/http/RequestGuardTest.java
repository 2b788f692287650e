package dev.orchestrator.servlet.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.servlet.fake.FakeExchange;
import dev.orchestrator.standalone.settings.ListenAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestGuardTest {
    private static final ListenAddress LOOPBACK = new ListenAddress("127.0.0.1", 3000);
    private static final ListenAddress EVERYWHERE = new ListenAddress("", 3000);

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost:3000", "127.0.0.1:3000", "127.0.0.1", "[::1]:3000", "LOCALHOST", "localhost.:80"})
    void onLoopbackThisHostsNamesAreOurs(String host) {
        assertThat(refusal(LOOPBACK, host)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example:3000", "127.0.0.1.evil.example", "10.0.0.1:3000", "db1", "", "localhost.evil"})
    void onLoopbackEveryOtherNameIsForeign(String host) {
        assertThat(refusal(LOOPBACK, host)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:3000,true",
        "[fd00::1]:3000,true",
        "orc1.example,true",
        "ORC.example:80,true",
        "evil.example,false",
        "1.2.3.4.evil.example,false"
    })
    void elsewhereAddressesOwnNamesAndConfiguredNamesAreOurs(String host, boolean ours) {
        RequestGuard guard = new RequestGuard(EVERYWHERE, List.of("orc1.example"), List.of("orc.example"));

        assertThat(guard.refusal(new FakeExchange("GET", "/").header("Host", host))
                        .isEmpty())
                .isEqualTo(ours);
    }

    @Test
    void aStarAllowsAnyName() {
        assertThat(new RequestGuard(LOOPBACK, List.of(), List.of("*"))
                        .refusal(new FakeExchange("GET", "/").header("Host", "any.example")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Origin,http://localhost:3000,true",
        "Origin,http://localhost:3001,false",
        "Origin,http://evil.example,false",
        "Origin,null,false",
        "Referer,http://localhost:3000/web/clusters,true",
        "Referer,https://evil.example/localhost:3000,false",
        "Referer,http://localhost:3000@evil.example/,false",
        "Sec-Fetch-Site,same-origin,true",
        "Sec-Fetch-Site,none,true",
        "Sec-Fetch-Site,cross-site,false",
        "Sec-Fetch-Site,same-site,false"
    })
    void onlyOurOwnPagesMayGiveOrders(String header, String value, boolean allowed) {
        Optional<String> refusal = new RequestGuard(LOOPBACK, List.of(), List.of())
                .refusal(new FakeExchange("GET", "/")
                        .header("Host", "localhost:3000")
                        .header(header, value));

        assertThat(refusal.isEmpty()).isEqualTo(allowed);
    }

    @Test
    void aRequestWithoutAnyOfTheseHeadersIsAProgram() {
        assertThat(new RequestGuard(LOOPBACK, List.of(), List.of()).refusal(new FakeExchange("GET", "/")))
                .isEmpty();
    }

    private static Optional<String> refusal(ListenAddress listen, String host) {
        return new RequestGuard(listen, List.of("db1"), List.of())
                .refusal(new FakeExchange("GET", "/").header("Host", host));
    }
}
