-- Copies that the program made by itself, and whether they were proven to be restorable.
CREATE TABLE backup_run (
    id         @id,
    file       TEXT NOT NULL,   -- empty: it failed
    made_at    BIGINT NOT NULL,
    bytes      BIGINT NOT NULL,
    row_count  BIGINT NOT NULL,
    proven_at  BIGINT NOT NULL, -- 0: not yet, or it could not be restored
    failure    TEXT NOT NULL    -- words for the administrator; empty: all went well
);
