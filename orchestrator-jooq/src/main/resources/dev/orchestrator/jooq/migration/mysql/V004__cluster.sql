-- Clusters.
CREATE TABLE IF NOT EXISTS orc_cluster (
    id VARCHAR(64) NOT NULL,
    name VARCHAR(300) NOT NULL,
    alias MEDIUMTEXT NOT NULL,
    domain MEDIUMTEXT NOT NULL,
    primary_hostname VARCHAR(255),
    primary_port INT,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
