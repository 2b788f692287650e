-- Who did what.
CREATE TABLE IF NOT EXISTS orc_audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    at BIGINT NOT NULL,
    type VARCHAR(300) NOT NULL,
    hostname VARCHAR(255),
    port INT,
    cluster_name VARCHAR(300) NOT NULL,
    who TEXT NOT NULL,
    door VARCHAR(16) NOT NULL,
    node VARCHAR(300) NOT NULL,
    message TEXT NOT NULL
);
