-- Whether something else is stored than the leader wrote: the leader takes it in and writes the server anew.
ALTER TABLE orc_instance ADD COLUMN unsynced BOOLEAN NOT NULL DEFAULT FALSE;
