-- Intent: aliases that override all others.
CREATE TABLE IF NOT EXISTS orc_cluster_alias (
    cluster_id VARCHAR(64) NOT NULL,
    alias TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (cluster_id)
);
