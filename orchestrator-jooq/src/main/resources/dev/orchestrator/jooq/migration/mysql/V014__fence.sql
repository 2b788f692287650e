-- Former primaries that must not be written again.
CREATE TABLE IF NOT EXISTS orc_fence (
    server_uuid VARCHAR(64) NOT NULL,
    hostname VARCHAR(255) NOT NULL,
    port INT NOT NULL,
    cluster_id VARCHAR(64) NOT NULL,
    successor_hostname VARCHAR(255) NOT NULL,
    successor_port INT NOT NULL,
    recovery_uid VARCHAR(64) NOT NULL,
    state VARCHAR(16) NOT NULL,
    note MEDIUMTEXT NOT NULL,
    since BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (server_uuid)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
