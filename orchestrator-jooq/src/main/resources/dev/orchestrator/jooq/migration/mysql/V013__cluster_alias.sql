-- Intent: aliases that override all others.
CREATE TABLE IF NOT EXISTS orc_cluster_alias (
    cluster_id VARCHAR(64) NOT NULL,
    alias MEDIUMTEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (cluster_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
