-- Whether an order leaves the start of the former primary's replication to a person.
ALTER TABLE orc_recovery ADD COLUMN former_left_stopped BOOLEAN NOT NULL DEFAULT FALSE;
