-- The identity of the successor; NULL while there is none, and in rows of older programs.
ALTER TABLE orc_recovery ADD COLUMN successor_uuid VARCHAR(64);
