package dev.orchestrator.bench.series;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.bench.process.Waiting;
import dev.orchestrator.standalone.ConfigurationFiles;
import dev.orchestrator.standalone.StandaloneOrchestrator;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * One of many processes that want the same locks. Arguments: configuration, folder of proofs, attempts, instances, a
 * number of its own. Says {@code ready}, waits for a line, and then says of each attempt {@code granted MICROS},
 * {@code refused MICROS} or {@code wrong WHAT}. A holder proves that it is the only one by making a file for each
 * instance that must not be there, and by finding its own token in it before it lets go.
 */
final class LockAttempts {
    private static final int WARM_UP = 50;

    private final StandaloneOrchestrator standalone;
    private final Path proofs;
    private final List<InstanceKey> instances;
    private final Actor owner;
    private final Random random;

    private LockAttempts(StandaloneOrchestrator standalone, Path proofs, int instances, int number) {
        this.standalone = standalone;
        this.proofs = proofs;
        this.instances = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            this.instances.add(new InstanceKey("db" + i, 3306));
        }
        this.owner = new Actor("locker-" + number, Origin.API, "host-" + number);
        this.random = new Random(number);
    }

    public static void main(String[] args) throws IOException {
        StandaloneSettings settings = ConfigurationFiles.load(Path.of(args[0]));
        try (StandaloneOrchestrator standalone = StandaloneOrchestrator.forCommand(settings, "lock-attempts")) {
            LockAttempts attempts = new LockAttempts(
                    standalone, Path.of(args[1]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
            attempts.warmUp();
            System.out.println("ready");
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            for (int i = 0; i < Integer.parseInt(args[2]); i++) {
                System.out.println(attempts.once(i % 2 == 0 ? attempts.instances : attempts.few()));
            }
        }
    }

    /** Locks an instance of its own: what is measured later is a lock, not the loading of classes. */
    private void warmUp() {
        List<InstanceKey> own = List.of(new InstanceKey(owner.node(), 3306));
        for (int i = 0; i < WARM_UP; i++) {
            try (MaintenanceLock first = standalone.orchestrator().maintenance().acquire(own, owner, "warm up")) {
                standalone
                        .orchestrator()
                        .maintenance()
                        .acquire(first.instances(), owner, "again")
                        .close();
                throw new IllegalStateException("two holders of " + own);
            } catch (OrchestratorException e) {
                if (e.code() != ErrorCode.LOCKED) {
                    throw e;
                }
            }
        }
    }

    /** One to three, in any order. */
    private List<InstanceKey> few() {
        List<InstanceKey> shuffled = new ArrayList<>(instances);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, 1 + random.nextInt(3));
    }

    private String once(List<InstanceKey> wanted) throws IOException {
        long begin = System.nanoTime();
        try (MaintenanceLock lock =
                standalone.orchestrator().maintenance().acquire(wanted, owner, "a series of locks")) {
            long micros = micros(begin);
            String wrong = prove(lock);
            return wrong.isEmpty() ? "granted " + micros : "wrong " + wrong;
        } catch (OrchestratorException e) {
            long micros = micros(begin);
            boolean named = String.valueOf(e.getMessage()).contains("locker-");
            return e.code() == ErrorCode.LOCKED && named ? "refused " + micros : "wrong " + e.getMessage();
        }
    }

    private static long micros(long begin) {
        return (System.nanoTime() - begin) / 1000;
    }

    private String prove(MaintenanceLock lock) throws IOException {
        for (InstanceKey key : lock.instances()) {
            try {
                Files.writeString(proof(key), lock.token(), StandardOpenOption.CREATE_NEW);
            } catch (FileAlreadyExistsException e) {
                return "two holders of " + key;
            }
        }
        Waiting.pause(Duration.ofMillis(2 + random.nextInt(8)));
        if (!lock.isHeld()) {
            return "lost the lock on " + lock.instances();
        }
        for (InstanceKey key : lock.instances()) {
            if (!Files.readString(proof(key)).equals(lock.token())) {
                return "another token for " + key;
            }
            Files.delete(proof(key));
        }
        return "";
    }

    private Path proof(InstanceKey key) {
        return proofs.resolve(key.hostname());
    }
}
