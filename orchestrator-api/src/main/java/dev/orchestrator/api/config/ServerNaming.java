package dev.orchestrator.api.config;

/** How a discovered server's key gets its host name. */
public enum ServerNaming {
    /** As it was given or found. */
    AS_GIVEN,
    /** By {@code @@hostname}. */
    HOSTNAME,
    /** By {@code @@report_host}, and as given where that is not set. */
    REPORT_HOST
}
