package dev.orchestrator.cli.internal.command;

/** The program's version. */
final class Version {
    /** What the manifest of the jar says; a build from an unpacked tree has none. */
    static final String TEXT = text();

    private Version() {}

    private static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
