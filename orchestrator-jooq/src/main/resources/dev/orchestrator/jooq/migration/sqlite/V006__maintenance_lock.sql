-- Maintenance locks. active is 1 or NULL: the unique key allows one active lock per instance and any number of ended ones.
CREATE TABLE IF NOT EXISTS orc_maintenance_lock (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    hostname VARCHAR(255) NOT NULL,
    port INT NOT NULL,
    active INT,
    token VARCHAR(64) NOT NULL,
    who TEXT NOT NULL,
    door VARCHAR(16) NOT NULL,
    node VARCHAR(300) NOT NULL,
    reason TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    CONSTRAINT maintenance_lock_active UNIQUE (hostname, port, active)
);
