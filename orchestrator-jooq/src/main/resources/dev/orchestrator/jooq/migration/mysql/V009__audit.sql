-- Who did what.
CREATE TABLE IF NOT EXISTS orc_audit (
    id BIGINT NOT NULL AUTO_INCREMENT,
    at BIGINT NOT NULL,
    type VARCHAR(300) NOT NULL,
    hostname VARCHAR(255),
    port INT,
    cluster_name VARCHAR(300) NOT NULL,
    who MEDIUMTEXT NOT NULL,
    door VARCHAR(16) NOT NULL,
    node VARCHAR(300) NOT NULL,
    message MEDIUMTEXT NOT NULL,
    PRIMARY KEY (id)
    -- [jooq ignore start]
    , INDEX audit_at (at),
    INDEX audit_instance (hostname, port)
    -- [jooq ignore stop]
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
