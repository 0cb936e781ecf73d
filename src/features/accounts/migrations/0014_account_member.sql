-- Which known organisations somebody works for. Organisations are made by a later migration, so the number is not held by a
-- foreign key; they are never removed.
CREATE TABLE account_member (
    account_id      BIGINT NOT NULL REFERENCES account (id),
    organisation_id BIGINT NOT NULL,
    by_domain       BIGINT NOT NULL, -- 1: by the verified domain of the address; 0: somebody approved it
    since           BIGINT NOT NULL,
    PRIMARY KEY (account_id, organisation_id)
);
CREATE INDEX account_member_organisation ON account_member (organisation_id);
