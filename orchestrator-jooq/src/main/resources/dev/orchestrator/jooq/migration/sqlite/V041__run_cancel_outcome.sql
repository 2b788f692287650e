-- What a change does that was asked to stop; NULL while it has not said, and in rows of older programs.
ALTER TABLE orc_run ADD COLUMN cancel_outcome VARCHAR(32);
