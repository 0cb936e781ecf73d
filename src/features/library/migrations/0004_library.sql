-- The knowledge library. The truth is item_revision.document; item, item_term and item_relation are derived from the
-- public revision in the same transaction.
CREATE TABLE item (
    id              @id,
    slug            TEXT NOT NULL UNIQUE,
    public_revision BIGINT NOT NULL,      -- number in item_revision; 0: not public
    title           TEXT NOT NULL,
    type            TEXT NOT NULL,
    catalogue       TEXT NOT NULL,
    summary         TEXT NOT NULL,
    certainty       TEXT NOT NULL,
    evidence        TEXT NOT NULL,
    review          TEXT NOT NULL,        -- YYYY-MM-DD or empty
    starter_slug    TEXT UNIQUE,          -- slug in the starter library; NULL: not from there
    starter_hash    BIGINT NOT NULL,      -- of the document as the starter content last set it
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL
);
CREATE INDEX item_changed ON item (changed_at);

CREATE TABLE item_revision (
    item_id    BIGINT NOT NULL REFERENCES item (id),
    number     BIGINT NOT NULL,
    document   TEXT NOT NULL,
    author     TEXT NOT NULL,
    note       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (item_id, number)
);

CREATE TABLE item_term (
    item_id BIGINT NOT NULL REFERENCES item (id),
    kind    TEXT NOT NULL,
    code    TEXT NOT NULL,
    PRIMARY KEY (item_id, kind, code)
);
CREATE INDEX item_term_code ON item_term (kind, code);

-- Relations and links in the text, by the slug as written: it may be a former slug, or an item that is yet to come.
CREATE TABLE item_relation (
    item_id  BIGINT NOT NULL REFERENCES item (id),
    relation TEXT NOT NULL,               -- builds_on, alternative, precondition, text
    slug     TEXT NOT NULL,
    PRIMARY KEY (item_id, relation, slug)
);
CREATE INDEX item_relation_slug ON item_relation (slug);

-- Addresses that an item had before.
CREATE TABLE item_former_slug (
    slug    TEXT PRIMARY KEY,
    item_id BIGINT NOT NULL REFERENCES item (id)
);
CREATE INDEX item_former_slug_item ON item_former_slug (item_id);

-- One row: which starter content was loaded last.
CREATE TABLE library_starter (
    id   BIGINT PRIMARY KEY,
    hash BIGINT NOT NULL
);
