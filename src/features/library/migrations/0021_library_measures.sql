-- How much text an item has, and how many of its sources can be visited: derived from the public revision, so that the
-- editors' list of what is missing can be counted. -1: from before this migration, to be measured at the next start.
ALTER TABLE item ADD COLUMN body_words BIGINT NOT NULL DEFAULT -1;
ALTER TABLE item ADD COLUMN web_sources BIGINT NOT NULL DEFAULT -1;
