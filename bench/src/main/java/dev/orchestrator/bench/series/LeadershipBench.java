package dev.orchestrator.bench.series;

import dev.orchestrator.bench.process.Launcher;
import java.time.Duration;
import java.util.Locale;

/**
 * Ends the leading one of several services again and again, and measures how long until another one leads. Flags:
 * {@code --runs N} (20), {@code --services N} (3), {@code --ttl SECONDS} (3), {@code --backend mysql|mariadb|sqlite},
 * {@code --sigterm}, {@code --with-primary}. Ends with status 1 unless every run was within the limit.
 */
public final class LeadershipBench {
    private LeadershipBench() {}

    /**
     * Runs it.
     *
     * @param args see the class
     */
    public static void main(String[] args) {
        Flags flags = new Flags(args);
        int runs = flags.count("runs", 20);
        LeadershipSetup setup = new LeadershipSetup(
                flags.count("services", 3),
                Duration.ofMillis((long) (flags.number("ttl", 3) * 1000)),
                flags.backend(),
                flags.has("sigterm"),
                flags.has("with-primary"));
        flags.end();
        System.exit(run(setup, runs) ? 0 : 1);
    }

    private static boolean run(LeadershipSetup setup, int runs) {
        Figures led = new Figures("another service leads", setup.limit());
        Figures freed = new Figures("the lease is no longer the former leader's", setup.limit());
        Figures replaced = new Figures("writable new primary", setup.replacementLimit());
        int wrong = 0;
        System.out.printf(
                Locale.ROOT,
                "%d services on %s, lease %d ms; the leader is sent %s%s%n",
                setup.services(),
                setup.backend().name().toLowerCase(Locale.ROOT),
                setup.ttl().toMillis(),
                setup.sigterm() ? "SIGTERM" : "SIGKILL",
                setup.withPrimary() ? ", a watched primary SIGKILL in the same instant" : "");
        try (LeadershipSeries series = LeadershipSeries.start(setup, Launcher.installed())) {
            for (int run = 1; run <= runs; run++) {
                LeadershipSeries.Run result = series.run();
                boolean good = led.add(result.led()) && result.epochs() == 1;
                freed.add(result.freed());
                String line = String.format(
                        Locale.ROOT,
                        "%3d  %s -> %s  lease free or taken %5d ms  leads %5d ms  epochs %d",
                        run,
                        result.former(),
                        result.heir(),
                        result.freed().toMillis(),
                        result.led().toMillis(),
                        result.epochs());
                WatchedTopology.Replacement replacement = result.replacement();
                if (replacement != null) {
                    good &= replaced.add(replacement.after()) && replacement.exactlyOne();
                    line += String.format(
                            Locale.ROOT,
                            "  primary %5d ms  recoveries %d  writable %d  following %d",
                            replacement.after().toMillis(),
                            replacement.recoveries(),
                            replacement.writable(),
                            replacement.following());
                }
                wrong += good ? 0 : 1;
                System.out.println(line + (good ? "" : "  NOT OK"));
            }
        }
        System.out.println(freed);
        System.out.println(led);
        if (setup.withPrimary()) {
            System.out.println(replaced);
        }
        System.out.printf("%d runs, %d not ok%n", runs, wrong);
        return wrong == 0;
    }
}
