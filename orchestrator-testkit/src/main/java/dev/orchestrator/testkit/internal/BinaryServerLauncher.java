package dev.orchestrator.testkit.internal;

import dev.orchestrator.testkit.internal.fetch.Distributions;
import dev.orchestrator.testkit.internal.fetch.FileTrees;
import dev.orchestrator.testkit.internal.fetch.ServerDistribution;
import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.TestkitException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntSupplier;

/** Starts servers as processes of this machine, from unpacked binaries. */
final class BinaryServerLauncher implements ServerLauncher {
    private static final int ATTEMPTS = 3;

    private final Distributions distributions;
    private final IntSupplier ports;

    BinaryServerLauncher(Distributions distributions, IntSupplier ports) {
        this.distributions = distributions;
        this.ports = ports;
    }

    @Override
    public ServerHandle launch(ServerOptions options) {
        ServerDistribution distribution = distributions.get(options.serverPackage());
        Path template = new DataTemplates(distributions.cache()).of(distribution);
        for (int attempt = 1; ; attempt++) {
            BinaryServer server = prepare(distribution, options, template);
            try {
                server.startAgain();
                return server;
            } catch (BinaryServer.PortTaken e) {
                server.discard();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            } catch (RuntimeException e) {
                server.discard();
                throw e;
            }
        }
    }

    private BinaryServer prepare(ServerDistribution distribution, ServerOptions options, Path template) {
        try {
            Path folder = RunFolder.shared().newServerFolder();
            MyCnf.Place place = new MyCnf.Place(folder, ports.getAsInt());
            FileTrees.copySparse(template.resolve("data"), place.data());
            BinaryServer server = new BinaryServer(distribution, place);
            server.configure(options);
            return server;
        } catch (IOException e) {
            throw new TestkitException("cannot prepare a data directory: " + e.getMessage(), e);
        }
    }
}
