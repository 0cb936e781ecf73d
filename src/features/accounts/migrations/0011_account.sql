-- Who may sign in. What a person is called and belongs to is here; what he may is in account_role.
CREATE TABLE account (
    id           @id,
    address      TEXT UNIQUE,      -- of mail, lower case; NULL: erased
    name         TEXT NOT NULL,
    job          TEXT NOT NULL,    -- what somebody does, in his own words
    organisation TEXT NOT NULL,    -- in his own words; membership of a known organisation is a table of its own
    market       BIGINT NOT NULL,  -- 1: works for a market party
    interest     TEXT NOT NULL,    -- the public declaration of interest of a market party
    trust        BIGINT NOT NULL,  -- 0 new, 1 known by an organisation
    state        BIGINT NOT NULL,  -- 1 active, 2 disabled, 3 erased
    password     TEXT,             -- argon2id; NULL: none chosen yet
    totp_secret  TEXT,             -- sealed with the server's key; NULL: no second factor
    totp_step    BIGINT NOT NULL,  -- of the last code that was used
    created_at   BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    seen_at      BIGINT NOT NULL,
    warned_at    BIGINT NOT NULL   -- that it will be erased because nobody uses it; 0: not
);
CREATE INDEX account_seen ON account (state, seen_at);

CREATE TABLE account_role (
    id         @id,
    account_id BIGINT NOT NULL REFERENCES account (id),
    role       TEXT NOT NULL,
    scope_kind TEXT NOT NULL,
    scope_id   TEXT NOT NULL,      -- empty: everywhere
    granted_by BIGINT NOT NULL,    -- account; 0: by the command line or the first-admin link
    granted_at BIGINT NOT NULL,
    UNIQUE (account_id, role, scope_kind, scope_id)
);

-- Of what a browser holds, only a hash. A session that waits for the second factor opens nothing.
CREATE TABLE account_session (
    id         @id,
    account_id BIGINT NOT NULL REFERENCES account (id),
    token_hash TEXT NOT NULL UNIQUE,
    waiting    BIGINT NOT NULL,    -- 1: for the second factor
    tries      BIGINT NOT NULL,    -- of the second factor
    two_factor BIGINT NOT NULL,
    agent      TEXT NOT NULL,      -- "Firefox op Windows"
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    idle_s     BIGINT NOT NULL,
    ends_at    BIGINT NOT NULL,
    view_as    BIGINT REFERENCES account (id) -- NULL: as the person self
);
CREATE INDEX account_session_account ON account_session (account_id);
CREATE INDEX account_session_ends ON account_session (ends_at);
CREATE INDEX account_session_view ON account_session (view_as);

-- Browsers where somebody signed in before: guessing elsewhere does not slow these down.
CREATE TABLE account_device (
    id         @id,
    account_id BIGINT NOT NULL REFERENCES account (id),
    token_hash TEXT NOT NULL,
    seen_at    BIGINT NOT NULL,
    UNIQUE (account_id, token_hash)
);
CREATE INDEX account_device_seen ON account_device (seen_at);

CREATE TABLE account_recovery (
    id         @id,
    account_id BIGINT NOT NULL REFERENCES account (id),
    code_hash  TEXT NOT NULL
);
CREATE INDEX account_recovery_account ON account_recovery (account_id);
