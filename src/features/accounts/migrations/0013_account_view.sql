-- When somebody looked at the site through the eyes of somebody else; the person sees these rows.
CREATE TABLE account_view (
    id         @id,
    account_id BIGINT NOT NULL REFERENCES account (id),
    viewer_id  BIGINT NOT NULL REFERENCES account (id),
    reason     TEXT NOT NULL,
    begun_at   BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL     -- 0: not yet
);
CREATE INDEX account_view_account ON account_view (account_id);
CREATE INDEX account_view_viewer ON account_view (viewer_id);

-- What the retention job took away, one row for each run that did something.
CREATE TABLE account_retention (
    id       @id,
    at       BIGINT NOT NULL,
    sessions BIGINT NOT NULL,
    tickets  BIGINT NOT NULL,
    devices  BIGINT NOT NULL,
    warned   BIGINT NOT NULL,
    erased   BIGINT NOT NULL
);
