package dev.orchestrator.testkit;

import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.TestkitException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Brings servers up side by side, connects them, and waits until they follow. */
final class TopologyStarter {
    private static final Duration FOLLOW_LIMIT = Duration.ofSeconds(60);

    private TopologyStarter() {}

    /** Starts a server per options; server i then replicates from server sources[i], unless that is negative. */
    public static List<DatabaseServer> start(List<ServerOptions> options, int[] sources) {
        List<DatabaseServer> servers = inParallel(options.stream()
                .<Callable<DatabaseServer>>map(each -> () -> DatabaseServer.start(each))
                .toList());
        try {
            List<Callable<Boolean>> links = new ArrayList<>();
            for (int i = 0; i < sources.length; i++) {
                if (sources[i] >= 0) {
                    DatabaseServer replica = servers.get(i);
                    DatabaseServer source = servers.get(sources[i]);
                    links.add(() -> {
                        replica.replicateFrom(source);
                        return true;
                    });
                }
            }
            inParallel(links);
            // Or a semi-sync primary would wait for acknowledgements of replicas that cannot connect.
            for (int i = 0; i < sources.length; i++) {
                if (sources[i] >= 0) {
                    Following.awaitReceiver(servers.get(i), FOLLOW_LIMIT);
                }
            }
            servers.get(0)
                    .execute(
                            "CREATE DATABASE IF NOT EXISTS testkit",
                            "CREATE TABLE testkit.ready (id INT PRIMARY KEY)",
                            "INSERT INTO testkit.ready VALUES (1)");
            awaitReplication(servers, sources, FOLLOW_LIMIT);
            return servers;
        } catch (RuntimeException e) {
            closeAll(servers);
            throw e;
        }
    }

    /** Waits until everything below server 0 has applied what server 0 has executed now. */
    public static void awaitReplication(List<DatabaseServer> servers, int[] sources, Duration limit) {
        DatabaseServer first = servers.get(0);
        boolean gtid = first.options().gtid();
        String wanted = gtid ? first.executedGtids() : newMarker(first);
        for (int i = 1; i < servers.size(); i++) {
            if (isBelowFirst(sources, i) && gtid) {
                Following.awaitExecuted(servers.get(i), wanted, limit);
            } else if (isBelowFirst(sources, i)) {
                Following.awaitMarker(servers.get(i), wanted, limit);
            }
        }
    }

    private static String newMarker(DatabaseServer first) {
        String id = String.valueOf(first.queryValue("SELECT MAX(id) + 1 FROM testkit.ready"));
        first.execute("INSERT INTO testkit.ready VALUES (" + id + ")");
        return id;
    }

    private static boolean isBelowFirst(int[] sources, int index) {
        int at = index;
        for (int hops = 0; hops < sources.length && at >= 0; hops++) {
            if (at == 0) {
                return true;
            }
            at = sources[at];
        }
        return at == 0;
    }

    /** Closes all side by side; one that fails does not keep the others. */
    public static void closeAll(List<DatabaseServer> servers) {
        inParallel(servers.stream()
                .<Callable<Boolean>>map(server -> () -> {
                    server.close();
                    return true;
                })
                .toList());
    }

    private static <T> List<T> inParallel(List<Callable<T>> tasks) {
        if (tasks.isEmpty()) {
            return List.of();
        }
        ExecutorService executor = Executors.newFixedThreadPool(Math.min(tasks.size(), 16), task -> {
            Thread thread = new Thread(task, "testkit-parallel");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<T>> futures = executor.invokeAll(tasks);
            List<T> results = new ArrayList<>();
            TestkitException failure = null;
            for (Future<T> future : futures) {
                try {
                    results.add(future.get());
                } catch (ExecutionException e) {
                    Throwable cause = e.getCause() == null ? e : e.getCause();
                    if (failure == null) {
                        failure = new TestkitException(String.valueOf(cause.getMessage()), cause);
                    } else {
                        failure.addSuppressed(cause);
                    }
                }
            }
            if (failure != null) {
                discard(results, failure);
                throw failure;
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestkitException("interrupted while servers were started or closed", e);
        } finally {
            executor.shutdownNow();
        }
    }

    private static void discard(List<?> results, TestkitException failure) {
        for (Object result : results) {
            if (result instanceof DatabaseServer server) {
                try {
                    server.close();
                } catch (TestkitException e) {
                    failure.addSuppressed(e);
                }
            }
        }
    }
}
