-- Intent: what operators think of promoting an instance.
CREATE TABLE IF NOT EXISTS orc_promotion_rule (
    hostname VARCHAR(255) NOT NULL,
    port INT NOT NULL,
    promotion_rule VARCHAR(16) NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (hostname, port)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
