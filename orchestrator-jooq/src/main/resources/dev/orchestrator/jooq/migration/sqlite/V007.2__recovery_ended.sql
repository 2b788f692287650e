CREATE INDEX IF NOT EXISTS recovery_ended ON orc_recovery (ended_at);
