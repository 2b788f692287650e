package dev.orchestrator.engine.internal.shell.schedule;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes threads: daemons, named {@code orc-<role>-<n>}. Who asks for an executor closes it. */
public final class NamedExecutors {
    private static final Logger log = LoggerFactory.getLogger(NamedExecutors.class);

    private NamedExecutors() {}

    /**
     * An executor for tasks that block, as many at a time as are given to it: virtual threads where the runtime has
     * them (21 and later), else platform threads kept for a minute. The caller bounds the number by a semaphore.
     *
     * @param role what the threads do
     * @return a new executor
     */
    public static ExecutorService blocking(String role) {
        ExecutorService virtual = virtualThreads(role);
        return virtual != null ? virtual : Executors.newCachedThreadPool(factory(role));
    }

    /**
     * An executor of a fixed number of platform threads that end when idle.
     *
     * @param role what the threads do
     * @param threads how many at most
     * @return a new executor with an unbounded queue
     */
    public static ExecutorService pool(String role, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(role));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * A scheduler.
     *
     * @param role what its threads do
     * @param threads how many
     * @return a new scheduler that forgets cancelled tasks at once
     */
    public static ScheduledExecutorService scheduler(String role, int threads) {
        return schedulerOf(role, threads);
    }

    /**
     * A scheduler for what is not missed once it is closed: tasks that come later are cancelled, and nobody fails by it.
     *
     * @param role what its threads do
     * @param threads how many
     * @return a new scheduler that forgets cancelled tasks at once
     */
    public static ScheduledExecutorService untilClosed(String role, int threads) {
        ScheduledThreadPoolExecutor scheduler = schedulerOf(role, threads);
        scheduler.setRejectedExecutionHandler((late, closed) -> {
            log.atDebug().addKeyValue("role", role).log("closed: what comes now is not done any more");
            if (late instanceof Future<?> task) {
                task.cancel(false);
            }
        });
        return scheduler;
    }

    private static ScheduledThreadPoolExecutor schedulerOf(String role, int threads) {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(threads, factory(role));
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return scheduler;
    }

    /**
     * Ends an executor: it takes nothing more, and what is not over in time is interrupted.
     *
     * @param threads the executor
     * @param limit how long to wait for what it was given
     * @return whether all of that is over
     */
    public static boolean end(ExecutorService threads, Duration limit) {
        threads.shutdown();
        try {
            if (threads.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        return false;
    }

    private static ThreadFactory factory(String role) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "orc-" + role + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Virtual threads exist from Java 21 on; this code is compiled for 17, hence by reflection. */
    private static @org.jspecify.annotations.Nullable ExecutorService virtualThreads(String role) {
        try {
            Method ofVirtual = Thread.class.getMethod("ofVirtual");
            Object builder = ofVirtual.invoke(null);
            Class<?> builderType = Class.forName("java.lang.Thread$Builder");
            builder = builderType.getMethod("name", String.class, long.class).invoke(builder, "orc-" + role + "-", 1L);
            ThreadFactory factory =
                    (ThreadFactory) builderType.getMethod("factory").invoke(builder);
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory);
        } catch (NoSuchMethodException | ClassNotFoundException e) {
            return null;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("virtual threads exist but cannot be made", e);
        }
    }
}
