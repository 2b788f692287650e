-- What happened in a recovery.
CREATE TABLE IF NOT EXISTS orc_recovery_step (
    recovery_uid VARCHAR(64) NOT NULL,
    number INT NOT NULL,
    begun_at BIGINT NOT NULL,
    phase VARCHAR(300) NOT NULL,
    hostname VARCHAR(255),
    port INT,
    description TEXT NOT NULL,
    state VARCHAR(16) NOT NULL,
    result TEXT NOT NULL,
    duration BIGINT NOT NULL,
    PRIMARY KEY (recovery_uid, number)
);
