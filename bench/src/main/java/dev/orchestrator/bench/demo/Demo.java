package dev.orchestrator.bench.demo;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.bench.drill.DrillResult;
import dev.orchestrator.bench.drill.DrillSetup;
import dev.orchestrator.bench.drill.FailoverDrill;
import dev.orchestrator.bench.drill.Injury;
import dev.orchestrator.standalone.text.TopologyText;
import dev.orchestrator.testkit.ServerPackages;
import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The demo. Without arguments it shows a topology and stays up until Ctrl-C; with {@code --failover} it kills the
 * primary and shows what happens; {@code --semi-sync} does it with commits that wait for an acknowledgement.
 */
public final class Demo {
    private static final int REPLICAS = 3;
    private static final Set<String> FLAGS = Set.of("--failover", "--freeze", "--semi-sync");

    private Demo() {}

    /**
     * Runs it.
     *
     * @param args see the class
     * @throws InterruptedException when the process is told to end
     */
    public static void main(String[] args) throws InterruptedException {
        List<String> flags = List.of(args);
        for (String flag : flags) {
            if (!FLAGS.contains(flag)) {
                System.err.println("unknown: " + flag + " (usage: bin/demo [--failover | --freeze] [--semi-sync])");
                System.exit(2);
            }
        }
        boolean semiSync = flags.contains("--semi-sync");
        ServerPackage servers = semiSync ? semiSyncPackage() : ServerPackage.MYSQL_8_0;
        try {
            System.exit(run(flags, new DrillSetup(servers, REPLICAS, semiSync, "127.0.0.1:" + port())));
        } catch (OrchestratorException | TestkitException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static int run(List<String> flags, DrillSetup setup) throws InterruptedException {
        try (FailoverDrill drill = FailoverDrill.start(setup, Demo::say)) {
            say("");
            showTree(drill);
            say("");
            say("web page and API: " + drill.url() + "   (try " + drill.url() + "/api/clusters)");
            boolean freeze = flags.contains("--freeze");
            if (!freeze && !flags.contains("--failover")) {
                say("up until Ctrl-C; kill the primary yourself: kill -9 "
                        + drill.topology().primary().pid());
                stayUp();
                return 0;
            }
            say("");
            DrillResult result = drill.run(freeze ? Injury.FREEZE : Injury.CRASH, Demo::say);
            say("");
            showTree(drill);
            return judge(result, setup);
        }
    }

    private static void stayUp() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    private static void showTree(FailoverDrill drill) {
        for (Cluster cluster : drill.orchestrator().fleet().clusters()) {
            say(TopologyText.tree(
                    drill.orchestrator().fleet(),
                    cluster,
                    drill.orchestrator().config(),
                    drill.orchestrator().intents()));
        }
    }

    private static int judge(DrillResult result, DrillSetup setup) {
        say("");
        Duration outage = result.outage();
        say("new primary: " + result.recovery().successor() + (result.writable() ? ", writable" : ", NOT WRITABLE")
                + (outage == null ? "" : " " + outage.toMillis() + " ms after the failure"));
        say("others replicating from it: " + result.replicating() + " of " + (setup.replicas() - 1)
                + milliseconds(", all of them ", result.repointedAfter(), " ms after the promotion"));
        int surviving = result.acknowledged() - result.lost().size();
        say("writes: " + result.acknowledged() + " acknowledged, " + surviving + " surviving, "
                + result.lost().size() + " lost");
        result.lost()
                .forEach(w -> say("  lost: write " + w.id() + ", GTID " + (w.gtid() == null ? "unknown" : w.gtid())
                        + (result.unnamed().contains(w) ? ", NOT NAMED in the record" : ", named in the record")));
        if (result.fencedAfter() != null) {
            say("the former primary came back and was super-read-only after "
                    + result.fencedAfter().toMillis() + " ms");
        }
        if (!result.recovery().lossNote().isEmpty()) {
            say("the record says: " + result.recovery().lossNote());
        }
        boolean lossesInOrder = result.unnamed().isEmpty()
                && (!setup.semiSync() || result.lost().isEmpty());
        boolean good = result.writable() && result.replicating() == setup.replicas() - 1 && lossesInOrder;
        say(good ? "OK" : "NOT OK");
        return good ? 0 : 1;
    }

    private static String milliseconds(String before, @Nullable Duration duration, String after) {
        return duration == null ? "" : before + duration.toMillis() + after;
    }

    /** A server that has semi-sync: MySQL 9.x where it can be had, else MariaDB is not enough: it has other GTIDs. */
    private static ServerPackage semiSyncPackage() {
        ServerPackage wanted = ServerPackage.MYSQL_9;
        if (ServerPackages.availability(wanted).isFound()) {
            return wanted;
        }
        say("MySQL 5.7 and 8.0 as they can be fetched here have no semi-sync; fetching " + wanted.id());
        try {
            ServerPackages.fetch(wanted);
            return wanted;
        } catch (TestkitException e) {
            System.err.println(e.getMessage());
            System.exit(3);
            throw e;
        }
    }

    /** The default port, or a free one when something listens there. */
    private static int port() {
        for (int port : new int[] {3000, 0}) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                say("port " + port + " is in use, taking a free one");
            }
        }
        throw new IllegalStateException("no free port on 127.0.0.1");
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
