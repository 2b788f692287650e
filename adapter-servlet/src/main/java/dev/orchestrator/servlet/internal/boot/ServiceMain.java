package dev.orchestrator.servlet.internal.boot;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.servlet.HttpService;
import dev.orchestrator.standalone.ConfigurationFiles;
import dev.orchestrator.standalone.HangUps;
import dev.orchestrator.standalone.StandaloneOrchestrator;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service as a program of its own, until it is told to end. */
public final class ServiceMain {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceMain.class);
    private static final String CONFIG = "--config=";

    private ServiceMain() {}

    /**
     * Runs the service.
     *
     * @param args nothing, or {@code --config=FILE}
     * @throws InterruptedException when the thread is told to end
     */
    public static void main(String[] args) throws InterruptedException {
        try {
            run(args);
        } catch (OrchestratorException e) {
            LOG.atError().log(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(String[] args) throws InterruptedException {
        StandaloneSettings settings = settings(args);
        HangUps.survive();
        CountDownLatch ending = new CountDownLatch(1);
        try (StandaloneOrchestrator standalone = StandaloneOrchestrator.forService(settings, "http");
                HttpService http = HttpService.start(standalone)) {
            standalone.start();
            LOG.atInfo().addKeyValue("url", http.url()).log("the service runs");
            Thread main = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(ending, main), "orc-shutdown-1"));
            ending.await();
            // Before the HTTP service, which gives its requests five seconds: orders that run are let end, and
            // answered.
            standalone.close();
        }
    }

    private static StandaloneSettings settings(String[] args) {
        if (args.length == 0) {
            return ConfigurationFiles.load();
        }
        if (args.length > 1 || !args[0].startsWith(CONFIG)) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_INPUT,
                    "unknown arguments " + String.join(" ", args) + " (expected --config=FILE)");
        }
        return ConfigurationFiles.load(Path.of(args[0].substring(CONFIG.length())));
    }

    /** Lets the main thread close what it opened before the process ends; the engine bounds how long that takes. */
    private static void end(CountDownLatch ending, Thread main) {
        ending.countDown();
        try {
            main.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
