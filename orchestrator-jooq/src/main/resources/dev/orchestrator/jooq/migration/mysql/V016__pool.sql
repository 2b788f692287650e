-- Who is in which pool, as somebody submitted it; a submission runs out.
CREATE TABLE IF NOT EXISTS orc_pool (
    name VARCHAR(128) NOT NULL,
    hostname VARCHAR(255) NOT NULL,
    port INT NOT NULL,
    submitted_at BIGINT NOT NULL,
    PRIMARY KEY (name, hostname, port)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
