-- The outbox. A mail is waiting (0), being sent (1), handed over without an answer yet (2), sent (3), failed for good (4),
-- or probably sent (5): handed over by a program that stopped before the answer was written down.

-- What a mail says. Of one mail (shared 0): wiped when that is sent. Of many (shared 1): with {{names}} that each mail fills.
CREATE TABLE mail_content (
    id          @id,
    shared      BIGINT NOT NULL,
    subject     TEXT NOT NULL,
    text        TEXT NOT NULL,
    html        TEXT,              -- NULL: text only
    reply_to    TEXT,
    list_id     TEXT,
    unsubscribe TEXT,              -- address of a page, RFC 8058
    in_reply_to TEXT,              -- Message-ID
    created_at  BIGINT NOT NULL
);

CREATE TABLE mail (
    id          @id,
    kind        BIGINT NOT NULL,   -- 0 service, 1 bulk
    state       BIGINT NOT NULL,
    unique_key  TEXT,              -- NULL: none; kept when the rest is wiped, so it holds no personal data
    content_id  BIGINT REFERENCES mail_content (id), -- NULL: wiped
    token       TEXT NOT NULL,     -- of the Message-ID: the same in every attempt; bounces name it
    recipient   TEXT NOT NULL,     -- empty: wiped
    name        TEXT NOT NULL,
    domain      TEXT NOT NULL,     -- of the recipient, lower case
    fields      TEXT NOT NULL,     -- name=value lines for shared content
    created_at  BIGINT NOT NULL,
    next_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    attempts    BIGINT NOT NULL,
    claim       TEXT,              -- of the attempt that runs
    node        TEXT,              -- which data folder and boot of a machine it runs on
    lease_until BIGINT NOT NULL,
    ended_at    BIGINT,
    note        TEXT               -- why it failed or waits, or the server's answer
);
CREATE UNIQUE INDEX mail_unique ON mail (unique_key) WHERE unique_key IS NOT NULL;
CREATE UNIQUE INDEX mail_token ON mail (token);
CREATE INDEX mail_state ON mail (state, kind);
CREATE INDEX mail_service_due ON mail (next_at, id) WHERE kind = 0 AND state = 0;
CREATE INDEX mail_bulk_due ON mail (domain, next_at, id) WHERE kind = 1 AND state = 0;
CREATE INDEX mail_lease ON mail (lease_until) WHERE state IN (1, 2);
CREATE INDEX mail_ended ON mail (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX mail_of_content ON mail (content_id);

-- How much bulk mail a domain got in the minute that it was last served in, and whose turn it is: the lowest.
CREATE TABLE mail_domain (
    domain TEXT PRIMARY KEY,
    minute BIGINT NOT NULL,
    sent   BIGINT NOT NULL,
    turn   BIGINT NOT NULL
);
CREATE INDEX mail_domain_turn ON mail_domain (turn);
