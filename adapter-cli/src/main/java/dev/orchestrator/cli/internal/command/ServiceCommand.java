package dev.orchestrator.cli.internal.command;

import dev.orchestrator.servlet.HttpService;
import dev.orchestrator.standalone.HangUps;
import dev.orchestrator.standalone.StandaloneOrchestrator;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/** The service: runs until the process is told to end. */
final class ServiceCommand {
    private final Options options;
    private final PrintStream err;

    ServiceCommand(Options options, PrintStream err) {
        this.options = options;
        this.err = err;
    }

    int run(boolean withHttp) {
        StandaloneSettings settings = CommandLineRunner.settings(options);
        HangUps.survive();
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(ended, closed), "orc-shutdown-1"));
        try (StandaloneOrchestrator standalone = StandaloneOrchestrator.forService(settings, "http")) {
            if (options.isOn("discovery", true)) {
                standalone.start();
            }
            if (options.isOn("grab-election", false)) {
                standalone.orchestrator().leaderElection().seize();
            }
            if (withHttp) {
                try (HttpService http = HttpService.start(standalone)) {
                    err.println("orchestrator is listening on " + http.url());
                    ended.await();
                    // Before the HTTP service, which gives its requests five seconds: orders that run are let end.
                    standalone.close();
                }
            } else {
                ended.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed.countDown();
        }
        return 0;
    }

    /** Ctrl-C and SIGTERM: leadership and locks are given up in order before the process ends. */
    private static void end(CountDownLatch ended, CountDownLatch closed) {
        ended.countDown();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
