-- The number of the state of the record: one that arrives late overwrites nothing.
ALTER TABLE orc_recovery ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
