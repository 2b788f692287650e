package dev.orchestrator.engine.internal.mysql;

import java.util.Locale;

/** The statements of a poll, in the order of the batch: what every server answers comes first. */
enum PollPart {
    VARIABLES("nothing is known of it without its variables"),
    CHANNELS("its replication cannot be seen: needs REPLICATION CLIENT (MariaDB: REPLICA MONITOR)"),
    STATUS("its uptime and the state of semi-sync are unknown"),
    BINARY_LOG("its binary log position is unknown: needs REPLICATION CLIENT (MariaDB: BINLOG MONITOR)"),
    REGISTERED_REPLICAS("cannot list the replicas registered with it: needs REPLICATION SLAVE"),
    PROCESS_LIST("cannot see its replicas by process list: needs PROCESS"),
    CREDENTIALS(
            "whether it keeps the account its receiver connects with cannot be seen, its receiver is never restarted as a"
                    + " test of its source: needs SELECT on mysql.slave_master_info"),
    SEMI_SYNC("its semi-sync settings are unknown"),
    GROUP("its replication group cannot be seen: needs SELECT on performance_schema.replication_group_members");

    private final String cost;

    PollPart(String cost) {
        this.cost = cost;
    }

    /** Without these a poll would tell lies: a replica whose channels are unseen looks like a primary. */
    boolean indispensable() {
        return this == VARIABLES || this == CHANNELS;
    }

    /** What it costs that the server refused this part. */
    String limitation(String refusal) {
        return cost + " (" + refusal + ")";
    }

    /** What it costs that the driver could not read the answer. */
    String unreadable(String seen) {
        String hint = this == REGISTERED_REPLICAS
                ? "; a client may have registered as a replica without a server_uuid: MySQL 5.7 ends its row too early then"
                : "";
        return "its answer about " + this + " cannot be read (" + seen + ")" + hint;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
