-- A lock of a server that only serves as a source. Its row has active NULL: any number of them per instance.
ALTER TABLE orc_maintenance_lock ADD COLUMN shared INT NOT NULL DEFAULT 0;
