-- Who works on housing: municipalities, provinces, housing regions and everybody around them. A code is stable: the CBS code
-- of a municipality or province, an own one for others.
CREATE TABLE organisation (
    id           @id,
    kind         TEXT NOT NULL,    -- gemeente, provincie, woondealregio ...: organisation_kinds in organisations_rules.c
    code         TEXT NOT NULL UNIQUE,
    slug         TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    province     TEXT NOT NULL,    -- code; empty for what is not of one province
    inhabitants  BIGINT NOT NULL,  -- 0: not known, or not a municipality or province
    urbanisation BIGINT NOT NULL,  -- CBS, 1 very urban to 5 not urban; 0: not known
    starter_hash BIGINT NOT NULL   -- of the row as the starter content last set it; 0: not from there
);

-- Which municipalities make up a region.
CREATE TABLE organisation_member (
    region_id BIGINT NOT NULL REFERENCES organisation (id),
    member_id BIGINT NOT NULL REFERENCES organisation (id),
    PRIMARY KEY (region_id, member_id)
);
CREATE INDEX organisation_member_member ON organisation_member (member_id);

-- A mail domain that an administrator has verified: who has a confirmed address in it belongs to the organisation.
CREATE TABLE organisation_domain (
    domain          TEXT PRIMARY KEY,
    organisation_id BIGINT NOT NULL REFERENCES organisation (id),
    verified_by     TEXT NOT NULL,
    verified_at     BIGINT NOT NULL
);
CREATE INDEX organisation_domain_organisation ON organisation_domain (organisation_id);

-- One row: which starter content was loaded last.
CREATE TABLE organisation_state (
    id           BIGINT PRIMARY KEY,
    starter_hash BIGINT NOT NULL
);
INSERT INTO organisation_state (id, starter_hash) VALUES (1, 0);
