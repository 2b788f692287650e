-- Changes that are being made, and which of them somebody wants stopped.
CREATE TABLE IF NOT EXISTS orc_run (
    uid VARCHAR(128) NOT NULL,
    kind VARCHAR(100) NOT NULL,
    description MEDIUMTEXT NOT NULL,
    instances MEDIUMTEXT NOT NULL,
    who MEDIUMTEXT NOT NULL,
    door VARCHAR(16) NOT NULL,
    ordered_at VARCHAR(300) NOT NULL,
    node VARCHAR(255) NOT NULL,
    node_token VARCHAR(128) NOT NULL,
    begun_at BIGINT NOT NULL,
    phase VARCHAR(300) NOT NULL,
    cancelled_at BIGINT,
    cancel_who MEDIUMTEXT,
    cancel_door VARCHAR(16),
    cancel_ordered_at VARCHAR(300),
    PRIMARY KEY (uid)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
