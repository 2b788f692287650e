-- How the servers were before the recovery stopped or demoted them, as JSON; NULL in rows of older programs.
ALTER TABLE orc_recovery ADD COLUMN servers_before TEXT;
