package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.spi.Right;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;

/** The right of an order whose locks are held as long as a test lasts. */
final class HeldLocks implements Authority {
    @Override
    public long check() {
        return Ticker.system().nanos() + Duration.ofMinutes(1).toNanos();
    }

    @Override
    public Right right() {
        return new Right.UnderLock("token");
    }
}
