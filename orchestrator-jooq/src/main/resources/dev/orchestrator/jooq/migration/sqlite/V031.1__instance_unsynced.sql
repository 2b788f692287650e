CREATE INDEX IF NOT EXISTS instance_unsynced ON orc_instance (unsynced);
