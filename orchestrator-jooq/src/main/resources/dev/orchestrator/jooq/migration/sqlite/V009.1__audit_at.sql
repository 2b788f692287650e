CREATE INDEX IF NOT EXISTS audit_at ON orc_audit (at);
