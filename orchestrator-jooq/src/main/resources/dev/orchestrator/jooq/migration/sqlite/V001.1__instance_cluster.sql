CREATE INDEX IF NOT EXISTS instance_cluster ON orc_instance (cluster_id);
