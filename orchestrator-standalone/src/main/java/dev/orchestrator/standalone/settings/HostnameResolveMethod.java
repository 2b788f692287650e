package dev.orchestrator.standalone.settings;

/** How a host name that a server or an operator gave becomes the one the fleet uses. */
public enum HostnameResolveMethod {
    /** Not at all. */
    NONE,
    /** Not at all, which is the predecessor's default. */
    DEFAULT,
    /** The canonical name the name service gives. */
    CNAME,
    /** The address. */
    IP
}
