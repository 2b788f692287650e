-- Servers that must not be discovered until a time.
CREATE TABLE IF NOT EXISTS orc_instance_forgotten (
    hostname VARCHAR(255) NOT NULL,
    port INT NOT NULL,
    blocked_until BIGINT NOT NULL,
    PRIMARY KEY (hostname, port)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
