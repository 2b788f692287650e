CREATE INDEX IF NOT EXISTS recovery_cluster ON orc_recovery (cluster_id, ended_at);
