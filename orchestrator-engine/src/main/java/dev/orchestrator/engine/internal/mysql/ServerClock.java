package dev.orchestrator.engine.internal.mysql;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;

/**
 * One reading of a server's clock: its UTC time, and our ticker when the answer had arrived. The server's clock was read
 * before that, so a deadline translated by it is early by the time the answer travelled, never late.
 */
record ServerClock(LocalDateTime utc, long receivedAtNanos) {
    LocalDateTime at(long tickerNanos) {
        // Cut to what the server compares, towards the past.
        return utc.plusNanos(tickerNanos - receivedAtNanos).truncatedTo(ChronoUnit.MICROS);
    }
}
