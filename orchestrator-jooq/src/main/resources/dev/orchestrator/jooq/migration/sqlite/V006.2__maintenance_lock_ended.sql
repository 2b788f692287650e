CREATE INDEX IF NOT EXISTS maintenance_lock_ended ON orc_maintenance_lock (ended_at);
