-- Ordered paths through the library. The truth is collection_revision.document; the other columns and tables are derived
-- from the public revision in the same transaction.
CREATE TABLE collection (
    id              @id,
    slug            TEXT NOT NULL UNIQUE,
    kind            TEXT NOT NULL,        -- route, rol, knelpunt
    title           TEXT NOT NULL,
    public_revision BIGINT NOT NULL,      -- number in collection_revision
    starter_slug    TEXT UNIQUE,          -- slug in the starter content; NULL: not from there
    starter_hash    BIGINT NOT NULL,      -- of the document as the starter content last set it
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL
);

CREATE TABLE collection_revision (
    collection_id BIGINT NOT NULL REFERENCES collection (id),
    number        BIGINT NOT NULL,
    document      TEXT NOT NULL,
    author        TEXT NOT NULL,
    note          TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    PRIMARY KEY (collection_id, number)
);

-- The codes of the taxonomy that a collection is for.
CREATE TABLE collection_term (
    collection_id BIGINT NOT NULL REFERENCES collection (id),
    kind          TEXT NOT NULL,
    code          TEXT NOT NULL,
    PRIMARY KEY (collection_id, kind, code)
);
CREATE INDEX collection_term_code ON collection_term (kind, code);

-- The items in their order, by the slug as written: it may become a former slug.
CREATE TABLE collection_item (
    collection_id BIGINT NOT NULL REFERENCES collection (id),
    position      BIGINT NOT NULL,
    slug          TEXT NOT NULL,
    PRIMARY KEY (collection_id, position)
);
CREATE INDEX collection_item_slug ON collection_item (slug);

-- One row: which starter content was loaded last.
CREATE TABLE collection_state (
    id           BIGINT PRIMARY KEY,
    starter_hash BIGINT NOT NULL
);
INSERT INTO collection_state (id, starter_hash) VALUES (1, 0);
