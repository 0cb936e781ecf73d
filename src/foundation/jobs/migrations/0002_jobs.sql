-- Background work. A row is waiting, running under a lease, or has failed for good; done work is deleted.
CREATE TABLE job (
    id          @id,
    kind        TEXT NOT NULL,
    argument    TEXT NOT NULL,
    unique_key  TEXT,              -- NULL: none
    state       BIGINT NOT NULL,   -- 0 waiting, 1 running, 2 failed
    run_at      BIGINT NOT NULL,
    attempts    BIGINT NOT NULL,   -- begun so far
    lease_owner TEXT,              -- a new one for every claim
    lease_until BIGINT NOT NULL,
    error       TEXT,              -- of the last attempt, for the log's reader
    created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX job_unique ON job (kind, unique_key) WHERE state = 0;
CREATE INDEX job_due ON job (state, run_at);

-- When a periodic kind is due next; the node that moves it on puts the job in the queue.
CREATE TABLE job_period (
    kind   TEXT PRIMARY KEY,
    due_at BIGINT NOT NULL
);
