-- Something that a person must confirm by mail. The row is made the same way for addresses that we know and that we do not;
-- a job decides which mail leaves, and makes the link and the code then.
CREATE TABLE account_ticket (
    id           @id,
    reference    TEXT NOT NULL UNIQUE, -- in the address of the page where the code is typed; no secret
    purpose      TEXT NOT NULL,        -- join, reset, address, invite, first
    address      TEXT NOT NULL,
    name         TEXT NOT NULL,
    job          TEXT NOT NULL,
    organisation TEXT NOT NULL,
    market       BIGINT NOT NULL,
    interest     TEXT NOT NULL,
    role         TEXT NOT NULL,        -- that an invitation gives; empty: none
    account_id   BIGINT REFERENCES account (id), -- whose it is, or became
    token_hash   TEXT UNIQUE,          -- of the link in the mail
    second_hash  TEXT UNIQUE,          -- of the link that the code gave
    code_hash    TEXT,
    tries        BIGINT NOT NULL,      -- of the code
    mailed       BIGINT NOT NULL,      -- 0 not yet, 1 yes, 2 not: too many for this address
    created_at   BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL,
    used_at      BIGINT NOT NULL
);
CREATE INDEX account_ticket_address ON account_ticket (address, created_at);
CREATE INDEX account_ticket_created ON account_ticket (created_at);
CREATE INDEX account_ticket_account ON account_ticket (account_id);
