-- What changed, in the order of commits; the index and jobs follow it. The ids of deleted rows must never come back.
-- @sqlite
CREATE TABLE change (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    kind      TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    at        BIGINT NOT NULL
);
-- @postgres
CREATE TABLE change (
    id        @id,
    kind      TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    at        BIGINT NOT NULL
);
-- @both

-- Which version of a set of bulk data is visible. Versions are never used twice.
CREATE TABLE dataset (
    name         TEXT PRIMARY KEY,
    version      BIGINT NOT NULL,   -- visible; 0: none yet
    staged       BIGINT NOT NULL,   -- being loaded; 0: none
    last_version BIGINT NOT NULL    -- the last number given out
);
