-- Intent: switches that hold for all nodes.
CREATE TABLE IF NOT EXISTS orc_setting (
    name VARCHAR(100) NOT NULL,
    content VARCHAR(1000) NOT NULL,
    who TEXT NOT NULL,
    door VARCHAR(16) NOT NULL,
    node VARCHAR(300) NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (name)
);
