-- Servers: what others ask for in columns, all facts of the last successful poll in one document.
CREATE TABLE IF NOT EXISTS orc_instance (
    hostname VARCHAR(255) NOT NULL,
    port INT NOT NULL,
    cluster_id VARCHAR(64) NOT NULL,
    server_uuid VARCHAR(64) NOT NULL,
    version VARCHAR(255) NOT NULL,
    source_hostname VARCHAR(255),
    source_port INT,
    read_only BOOLEAN,
    last_seen BIGINT,
    last_attempt BIGINT,
    last_check_valid BOOLEAN NOT NULL,
    failure_kind VARCHAR(32),
    failure_message TEXT,
    failing_since BIGINT,
    latency BIGINT NOT NULL,
    facts TEXT,
    first_written BIGINT NOT NULL,
    PRIMARY KEY (hostname, port)
);
