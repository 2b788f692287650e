package dev.orchestrator.cli.internal.command;

/** Sets up the log before its first line: on stderr, errors only for commands, what happened for the service. */
final class Logging {
    private static final String PREFIX = "org.slf4j.simpleLogger.";

    private Logging() {}

    static void configure(Options options) {
        boolean service = options.words().contains("http")
                || options.words().contains("continuous")
                || "continuous".equals(options.get("c"));
        System.setProperty(PREFIX + "defaultLogLevel", level(options, service));
        System.setProperty(PREFIX + "showDateTime", "true");
        System.setProperty(PREFIX + "dateTimeFormat", "yyyy-MM-dd HH:mm:ss.SSS");
        System.setProperty(PREFIX + "showShortLogName", "true");
        System.setProperty(PREFIX + "showThreadName", "false");
        for (String chatty : new String[] {"org.jooq", "org.flywaydb", "com.zaxxer.hikari", "org.eclipse.jetty"}) {
            System.setProperty(PREFIX + "log." + chatty, "warn");
        }
        // Warns of every MariaDB, whose version begins with 5.5.5 on the wire.
        System.setProperty(PREFIX + "log.org.jooq.impl.DefaultExecuteContext.logVersionSupport", "error");
    }

    private static String level(Options options, boolean service) {
        if (options.isOn("quiet", false)) {
            return "error";
        }
        if (options.isOn("debug", false)) {
            return "debug";
        }
        return service || options.isOn("verbose", false) ? "info" : "error";
    }
}
