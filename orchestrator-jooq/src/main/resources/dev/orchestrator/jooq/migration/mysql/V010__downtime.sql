-- Intent: times in which problems of an instance are expected.
CREATE TABLE IF NOT EXISTS orc_downtime (
    hostname VARCHAR(255) NOT NULL,
    port INT NOT NULL,
    who MEDIUMTEXT NOT NULL,
    door VARCHAR(16) NOT NULL,
    node VARCHAR(300) NOT NULL,
    reason MEDIUMTEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (hostname, port)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
