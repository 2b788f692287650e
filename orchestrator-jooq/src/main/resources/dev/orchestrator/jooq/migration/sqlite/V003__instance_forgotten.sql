-- Servers that must not be discovered until a time.
CREATE TABLE IF NOT EXISTS orc_instance_forgotten (
    hostname VARCHAR(255) NOT NULL,
    port INT NOT NULL,
    blocked_until BIGINT NOT NULL,
    PRIMARY KEY (hostname, port)
);
