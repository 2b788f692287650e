-- The call that wrote the state, which may be repeated; NULL until there is one.
ALTER TABLE orc_recovery ADD COLUMN written_by VARCHAR(36);
