-- Further names of servers.
CREATE TABLE IF NOT EXISTS orc_instance_name (
    hostname VARCHAR(255) NOT NULL,
    port INT NOT NULL,
    target_hostname VARCHAR(255) NOT NULL,
    target_port INT NOT NULL,
    PRIMARY KEY (hostname, port)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
