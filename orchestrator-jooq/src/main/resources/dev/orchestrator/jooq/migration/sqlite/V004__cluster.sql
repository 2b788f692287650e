-- Clusters.
CREATE TABLE IF NOT EXISTS orc_cluster (
    id VARCHAR(64) NOT NULL,
    name VARCHAR(300) NOT NULL,
    alias TEXT NOT NULL,
    domain TEXT NOT NULL,
    primary_hostname VARCHAR(255),
    primary_port INT,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
