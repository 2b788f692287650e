-- Services and commands that run.
CREATE TABLE IF NOT EXISTS orc_node (
    token VARCHAR(128) NOT NULL,
    hostname VARCHAR(255) NOT NULL,
    version VARCHAR(100) NOT NULL,
    command VARCHAR(1000) NOT NULL,
    backend VARCHAR(300) NOT NULL,
    since BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    PRIMARY KEY (token)
);
