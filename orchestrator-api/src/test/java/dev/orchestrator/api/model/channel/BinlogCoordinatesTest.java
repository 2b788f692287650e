package dev.orchestrator.api.model.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.orchestrator.api.model.channel.BinlogCoordinates.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinlogCoordinatesTest {
    @ParameterizedTest
    @CsvSource({
        "mysql-bin.000017:4, mysql-bin.000018:4",
        "mysql-bin.000017:4, mysql-bin.000017:120",
        "mysql-bin.000017:900, mysql-bin.000017:1000",
        "mysql-bin.999999:900, mysql-bin.1000000:4",
        "db.example.com-bin.9:4, db.example.com-bin.10:4",
        "plain:4, plain:5",
        "a.2147483647:4, a.99999999999:4",
    })
    void ordersAsTheServerWrites(String earlier, String later) {
        BinlogCoordinates first = BinlogCoordinates.parse(earlier);
        BinlogCoordinates second = BinlogCoordinates.parse(later);

        assertThat(first).isLessThan(second);
        assertThat(second).isGreaterThan(first);
        assertThat(first).isEqualByComparingTo(BinlogCoordinates.parse(earlier));
    }

    @Test
    void keepsTheOrderConsistentWithEquality() {
        BinlogCoordinates padded = BinlogCoordinates.parse("bin.01:4");

        assertThat(padded.compareTo(BinlogCoordinates.parse("bin.1:4"))).isNotZero();
        assertThat(padded.compareTo(BinlogCoordinates.parse("bin.01:4", Type.RELAY)))
                .isNotZero();
    }

    @Test
    void readsAndPrints() {
        BinlogCoordinates read = BinlogCoordinates.parse(" odd:name.000017:4 ", Type.RELAY);

        assertThat(read).isEqualTo(new BinlogCoordinates("odd:name.000017", 4, Type.RELAY));
        assertThat(read).hasToString("odd:name.000017:4");
        assertThat(BinlogCoordinates.parse("a.1:0").type()).isEqualTo(Type.BINARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "mysql-bin.000017",
                "mysql-bin.000017:",
                ":4",
                "a.1:-4",
                "a.1:x",
                "a.1:9999999999999999999"
            })
    void refusesOtherTextNamingIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BinlogCoordinates.parse(text))
                .withMessageContaining("saw '" + text + "'")
                .withMessageContaining("expected file:position");
    }

    @Test
    void refusesImpossibleParts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BinlogCoordinates("a.1", -1, Type.BINARY))
                .withMessageContaining("negative: -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BinlogCoordinates(" ", 4, Type.BINARY))
                .withMessageContaining("empty");
    }
}
