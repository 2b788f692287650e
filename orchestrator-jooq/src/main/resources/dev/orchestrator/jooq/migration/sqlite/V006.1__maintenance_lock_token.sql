CREATE INDEX IF NOT EXISTS maintenance_lock_token ON orc_maintenance_lock (token);
