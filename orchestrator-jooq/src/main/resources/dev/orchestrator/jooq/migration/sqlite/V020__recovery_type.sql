-- The kind of recovery; NULL in rows of older programs, where it follows from the analysis.
ALTER TABLE orc_recovery ADD COLUMN recovery_type VARCHAR(40);
