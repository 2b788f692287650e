package dev.orchestrator.standalone;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SIGHUP, by which people are used to have a service read its configuration again. For programs, not for embedders. */
public final class HangUps {
    private static final Logger LOG = LoggerFactory.getLogger(HangUps.class);

    private HangUps() {}

    /** From now on a SIGHUP does not end the process: it says in the log that there is no reload. */
    public static void survive() {
        try {
            // By name: the compiler warns of every use of this class, and there is no other way to catch a signal.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle told =
                    MethodHandles.lookup().findStatic(HangUps.class, "told", MethodType.methodType(void.class));
            Object teller =
                    MethodHandleProxies.asInterfaceInstance(handler, MethodHandles.dropArguments(told, 0, signal));
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), teller);
        } catch (ReflectiveOperationException e) {
            LOG.atInfo().setCause(e).log("a SIGHUP cannot be caught here: where there is one, it ends this process");
        }
    }

    private static void told() {
        LOG.warn("SIGHUP: the configuration is not read again, there is no reload; restart the service for a new one");
    }
}
