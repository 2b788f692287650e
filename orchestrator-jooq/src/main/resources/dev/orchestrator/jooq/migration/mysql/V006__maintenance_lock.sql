-- Maintenance locks. active is 1 or NULL: the unique key allows one active lock per instance and any number of ended ones.
CREATE TABLE IF NOT EXISTS orc_maintenance_lock (
    id BIGINT NOT NULL AUTO_INCREMENT,
    hostname VARCHAR(255) NOT NULL,
    port INT NOT NULL,
    active INT,
    token VARCHAR(64) NOT NULL,
    who MEDIUMTEXT NOT NULL,
    door VARCHAR(16) NOT NULL,
    node VARCHAR(300) NOT NULL,
    reason MEDIUMTEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT maintenance_lock_active UNIQUE (hostname, port, active)
    -- [jooq ignore start]
    , INDEX maintenance_lock_token (token),
    INDEX maintenance_lock_ended (ended_at)
    -- [jooq ignore stop]
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
