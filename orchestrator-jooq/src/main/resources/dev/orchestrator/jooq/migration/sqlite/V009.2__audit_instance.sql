CREATE INDEX IF NOT EXISTS audit_instance ON orc_audit (hostname, port);
