package dev.orchestrator.standalone.engine;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.FenceStore;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.Right;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The real backend, except that something may happen before and after records and fences are written. */
final class FaultyBackend {
    private FaultyBackend() {}

    static Backend of(Backend real, FaultPoint faults) {
        RecoveryStore recoveries = wrapped(RecoveryStore.class, real.recoveries(), faults, FaultyBackend::ofRecord);
        FenceStore fences = wrapped(FenceStore.class, real.fences(), faults, FaultyBackend::ofFence);
        return proxy(Backend.class, (method, arguments) -> switch (method.getName()) {
            case "recoveries" -> recoveries;
            case "fences" -> fences;
            default -> invoke(real, method, arguments);
        });
    }

    /** What a write is called; empty for what is no write. */
    private static String ofRecord(Method method, @Nullable Object[] arguments) {
        if (method.getName().equals("register")) {
            return "Record[register]";
        }
        if (!method.getName().equals("update") || !(arguments[0] instanceof RecoveryRecord record)) {
            return "";
        }
        if (!record.isActive()) {
            return "Record[ended]";
        }
        String how = record.promotedAt() != null ? "promoted" : record.successor() != null ? "named" : "open";
        return "Record[" + how + "]";
    }

    private static String ofFence(Method method, @Nullable Object[] arguments) {
        if (method.getName().equals("add")) {
            return "Fence[add]";
        }
        return arguments.length > 1 && arguments[0] instanceof Fence && arguments[1] instanceof FenceState state
                ? "Fence[" + state + "]"
                : "";
    }

    private static <T> T wrapped(
            Class<T> type, T real, FaultPoint faults, BiFunction<Method, @Nullable Object[], String> names) {
        return proxy(type, (method, arguments) -> {
            String what = isRehearsal(arguments) ? "" : names.apply(method, arguments);
            if (!what.isEmpty()) {
                faults.reached("before " + what);
            }
            Object answer = invoke(real, method, arguments);
            if (!what.isEmpty()) {
                faults.reached("after " + what);
            }
            return answer;
        });
    }

    /** An engine asks its backend once at its start what a recovery will ask, by a right that nobody has. */
    private static boolean isRehearsal(@Nullable Object[] arguments) {
        return arguments.length > 0
                && arguments[arguments.length - 1] instanceof Right.UnderLease right
                && right.lease().epoch() == 0;
    }

    private interface Call {
        @Nullable
        Object on(Method method, @Nullable Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> call.on(method, arguments == null ? new Object[0] : arguments)));
    }

    private static @Nullable Object invoke(Object real, Method method, @Nullable Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
