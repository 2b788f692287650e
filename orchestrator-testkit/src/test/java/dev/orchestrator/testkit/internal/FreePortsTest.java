package dev.orchestrator.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    /** Or the kernel gives the port of a killed server to somebody's outgoing connection. */
    @Test
    void portsAreBelowTheRangeForOutgoingConnections() throws IOException {
        int lowest = lowestEphemeral();
        assumeThat(lowest).isGreaterThan(11_240);

        int[] ports = IntStream.range(0, 100).map(i -> FreePorts.free()).toArray();

        IntStream.of(ports).forEach(FreePorts::release);
        assertThat(IntStream.of(ports)).allMatch(port -> port < lowest);
    }

    private static int lowestEphemeral() throws IOException {
        try (InputStream range = new FileInputStream("/proc/sys/net/ipv4/ip_local_port_range")) {
            byte[] text = new byte[64];
            int length = range.read(text);
            return Integer.parseInt(new String(text, 0, length, StandardCharsets.US_ASCII).split("\\s+")[0]);
        }
    }
}
