package dev.orchestrator.standalone.internal.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CachingResolverTest {
    private final AtomicLong time = new AtomicLong();
    private final List<String> asked = new ArrayList<>();

    @Test
    void remembersAnAnswerUntilItExpires() {
        CachingResolver resolver = resolver(name -> name + ".example");

        assertThat(resolver.resolve("db1")).isEqualTo("db1.example");
        assertThat(resolver.resolve("db1")).isEqualTo("db1.example");
        assertThat(asked).containsExactly("db1");
        pass(Duration.ofMinutes(61));
        resolver.resolve("db1");
        assertThat(asked).containsExactly("db1", "db1");
    }

    @Test
    void whatCannotBeResolvedStaysAsItIsAndIsTriedAgainAfterAMinute() {
        CachingResolver resolver = resolver(name -> {
            throw new IOException("no such host");
        });

        assertThat(resolver.resolve("db1")).isEqualTo("db1");
        pass(Duration.ofSeconds(30));
        resolver.resolve("db1");
        assertThat(asked).hasSize(1);
        pass(Duration.ofSeconds(31));
        resolver.resolve("db1");
        assertThat(asked).hasSize(2);
    }

    @Test
    void rejectedAnswersAndListsOfHostsAreNotUsed() {
        assertThat(resolver(name -> "bad-" + name).resolve("db1")).isEqualTo("db1");
        assertThat(resolver(name -> "a,b").resolve("db1")).isEqualTo("db1");
    }

    @Test
    void theAddressOfThisHostIsFound() throws IOException {
        assertThat(NameService.address("localhost")).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(NameService.canonicalName("127.0.0.1")).isEqualTo("127.0.0.1");
        assertThat(NameService.canonicalName("ldap://evil/x")).isEqualTo("ldap://evil/x");
    }

    private void pass(Duration duration) {
        time.addAndGet(duration.toNanos());
    }

    private CachingResolver resolver(CachingResolver.Lookup lookup) {
        return new CachingResolver(
                name -> {
                    asked.add(name);
                    return lookup.ask(name);
                },
                Duration.ofMinutes(60),
                Pattern.compile("^bad"),
                time::get);
    }
}
