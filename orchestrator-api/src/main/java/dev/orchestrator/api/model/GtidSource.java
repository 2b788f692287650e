package dev.orchestrator.api.model;

import java.util.UUID;

/**
 * What numbers transactions: on MySQL a server UUID, with or without a tag; on MariaDB a replication domain, kept as
 * the low half of the id.
 */
record GtidSource(Dialect dialect, UUID id, String tag) implements Comparable<GtidSource> {
    enum Dialect {
        MYSQL("MySQL"),
        MARIADB("MariaDB");

        final String title;

        Dialect(String title) {
            this.title = title;
        }
    }

    static GtidSource mysql(UUID uuid, String tag) {
        return new GtidSource(Dialect.MYSQL, uuid, tag);
    }

    static GtidSource mariaDb(long domain) {
        return new GtidSource(Dialect.MARIADB, new UUID(0, domain), "");
    }

    /** The UUID in lower case or the domain number, without the tag. */
    String text() {
        return dialect == Dialect.MYSQL ? id.toString() : Long.toUnsignedString(id.getLeastSignificantBits());
    }

    boolean sameServer(GtidSource other) {
        return dialect == other.dialect && id.equals(other.id);
    }

    /** In the order of the printed text. */
    @Override
    public int compareTo(GtidSource other) {
        int order = dialect.compareTo(other.dialect);
        if (order == 0) {
            order = printedOrder(id, other.id);
        }
        return order != 0 ? order : tag.compareTo(other.tag);
    }

    /** UUID.compareTo compares signed halves, which is not the order of the printed text; this is. */
    private static int printedOrder(UUID one, UUID other) {
        int order = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return order != 0
                ? order
                : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    }
}
