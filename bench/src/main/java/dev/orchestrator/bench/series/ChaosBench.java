package dev.orchestrator.bench.series;

import dev.orchestrator.bench.process.Launcher;
import java.time.Duration;

/**
 * Services and command lines on one backend while services are killed, frozen and cut off from the backend, and
 * primaries of watched topologies crash. Flags: {@code --minutes N} (10), {@code --services N} (8), {@code --slots N}
 * (50), {@code --pace MILLIS} between command lines (1000), {@code --backend mysql|mariadb}. Ends with status 1 when
 * anything was found that must not be.
 */
public final class ChaosBench {
    private ChaosBench() {}

    /**
     * Runs it.
     *
     * @param args see the class
     */
    public static void main(String[] args) {
        Flags flags = new Flags(args);
        ChaosSetup setup = new ChaosSetup(
                flags.count("services", 8),
                flags.count("slots", 50),
                Duration.ofMillis(flags.count("pace", 1000)),
                Duration.ofSeconds((long) (flags.number("minutes", 10) * 60)),
                flags.backend());
        flags.end();
        Chaos.Report report = Chaos.run(setup, Launcher.installed(), System.out::println);
        System.out.printf(
                "%d crashes, %d tenures of leadership; %d changes of watched servers looked at, %d faults%n",
                report.crashes(),
                report.tenures(),
                report.changes(),
                report.faults().size());
        report.faults().forEach(fault -> System.out.println("NOT OK  " + fault));
        System.exit(report.faults().isEmpty() && report.changes() > 0 ? 0 : 1);
    }
}
