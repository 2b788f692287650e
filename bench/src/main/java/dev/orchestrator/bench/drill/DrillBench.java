package dev.orchestrator.bench.drill;

import dev.orchestrator.testkit.server.ServerPackage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The same drill many times, each on servers of its own; figures in milliseconds. Flags: {@code --runs N},
 * {@code --freeze}, {@code --switchover} (all on the same servers, to and fro), {@code --semi-sync},
 * {@code --blocked-applier}, {@code --unsent-writes}, {@code --verbose}.
 */
public final class DrillBench {
    private DrillBench() {}

    /**
     * Runs it.
     *
     * @param args see the class
     */
    public static void main(String[] args) {
        List<String> flags = List.of(args);
        int runs = flags.contains("--runs") ? Integer.parseInt(flags.get(flags.indexOf("--runs") + 1)) : 20;
        boolean semiSync = flags.contains("--semi-sync");
        Injury injury = flags.contains("--freeze") ? Injury.FREEZE : Injury.CRASH;
        DrillFault trouble = flags.contains("--blocked-applier")
                ? DrillFault.BLOCKED_APPLIER
                : flags.contains("--unsent-writes") ? DrillFault.UNSENT_WRITES : DrillFault.NONE;
        boolean verbose = flags.contains("--verbose");
        if (flags.contains("--switchover")) {
            switchOver(runs, semiSync, verbose);
        }
        List<Long> outages = new ArrayList<>();
        List<Long> firstWrites = new ArrayList<>();
        List<Long> repoints = new ArrayList<>();
        List<Long> fences = new ArrayList<>();
        int failed = 0;
        int lost = 0;
        int unnamed = 0;
        System.out.println("run  writable  first-write  repointed-after  replicating  acknowledged  lost  unnamed");
        for (int run = 1; run <= runs; run++) {
            DrillSetup setup = new DrillSetup(
                    semiSync ? ServerPackage.MYSQL_9 : ServerPackage.MYSQL_8_0, 3, semiSync, "127.0.0.1:" + freePort());
            DrillResult result;
            try (FailoverDrill drill = FailoverDrill.start(setup, line -> {})) {
                result = drill.run(injury, trouble, verbose ? System.out::println : line -> {});
            }
            add(outages, result.outage());
            add(firstWrites, since(result.injuredAt(), result.firstWriteAt()));
            add(repoints, result.repointedAfter());
            add(fences, result.fencedAfter());
            boolean good = result.writable() && result.replicating() == setup.replicas() - 1;
            failed += good ? 0 : 1;
            lost += result.lost().size();
            unnamed += result.unnamed().size();
            System.out.printf(
                    Locale.ROOT,
                    "%3d  %8s  %11s  %15s  %11d  %12d  %4d  %7d%s%n",
                    run,
                    ms(result.outage()),
                    ms(since(result.injuredAt(), result.firstWriteAt())),
                    ms(result.repointedAfter()),
                    result.replicating(),
                    result.acknowledged(),
                    result.lost().size(),
                    result.unnamed().size(),
                    good ? "" : "  NOT OK " + result.recovery().errors());
        }
        System.out.printf(
                "%d runs, %d not ok, %d acknowledged writes lost, %d of them not named%n", runs, failed, lost, unnamed);
        summary("writable new primary", outages);
        summary("first acknowledged write", firstWrites);
        summary("all repointed after promotion", repoints);
        summary("former primary super-read-only after its return", fences);
        System.exit(failed > 0 || unnamed > 0 ? 1 : 0);
    }

    private static void switchOver(int runs, boolean semiSync, boolean verbose) {
        DrillSetup setup = new DrillSetup(
                semiSync ? ServerPackage.MYSQL_9 : ServerPackage.MYSQL_8_0, 3, semiSync, "127.0.0.1:" + freePort());
        List<Long> outages = new ArrayList<>();
        int failed = 0;
        int lost = 0;
        System.out.println("run    outage  acknowledged  lost");
        try (FailoverDrill drill = FailoverDrill.start(setup, line -> {})) {
            SwitchoverDrill switchovers = new SwitchoverDrill(drill);
            for (int run = 1; run <= runs; run++) {
                SwitchoverDrill.Result result = switchovers.run(verbose ? System.out::println : line -> {});
                boolean good = result.failure().isEmpty();
                failed += good ? 0 : 1;
                lost += result.lost().size();
                if (good) {
                    add(outages, result.outage());
                }
                System.out.printf(
                        Locale.ROOT,
                        "%3d  %8s  %12d  %4d%s%n",
                        run,
                        ms(result.outage()),
                        result.acknowledged(),
                        result.lost().size(),
                        good ? "" : "  NOT OK " + result.failure());
            }
        }
        System.out.printf("%d runs, %d not ok, %d acknowledged writes lost%n", runs, failed, lost);
        summary("outage of the writing application", outages);
        System.exit(failed > 0 || lost > 0 ? 1 : 0);
    }

    private static void summary(String what, List<Long> values) {
        if (values.isEmpty()) {
            System.out.println(what + ": none");
            return;
        }
        Collections.sort(values);
        System.out.printf(
                "%s: median %d ms, best %d, worst %d (%d runs)%n",
                what, values.get(values.size() / 2), values.get(0), values.get(values.size() - 1), values.size());
    }

    private static void add(List<Long> values, @Nullable Duration value) {
        if (value != null) {
            values.add(value.toMillis());
        }
    }

    private static @Nullable Duration since(Instant begin, @Nullable Instant end) {
        return end == null ? null : Duration.between(begin, end);
    }

    private static String ms(@Nullable Duration duration) {
        return duration == null ? "-" : Long.toString(duration.toMillis());
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
