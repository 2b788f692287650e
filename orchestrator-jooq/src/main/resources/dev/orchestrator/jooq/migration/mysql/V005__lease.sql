-- Leases; a row stays for good, so that its epoch never shrinks.
CREATE TABLE IF NOT EXISTS orc_lease (
    name VARCHAR(100) NOT NULL,
    holder VARCHAR(300) NOT NULL,
    token VARCHAR(64) NOT NULL,
    epoch BIGINT NOT NULL,
    since BIGINT NOT NULL,
    renewed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
