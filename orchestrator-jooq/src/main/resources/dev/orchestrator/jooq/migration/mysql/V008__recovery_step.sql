-- What happened in a recovery.
CREATE TABLE IF NOT EXISTS orc_recovery_step (
    recovery_uid VARCHAR(64) NOT NULL,
    number INT NOT NULL,
    begun_at BIGINT NOT NULL,
    phase VARCHAR(300) NOT NULL,
    hostname VARCHAR(255),
    port INT,
    description MEDIUMTEXT NOT NULL,
    state VARCHAR(16) NOT NULL,
    result MEDIUMTEXT NOT NULL,
    duration BIGINT NOT NULL,
    PRIMARY KEY (recovery_uid, number)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
