-- The words of the trade with their explanation. The truth is document; name and the rows of glossary_word are derived from
-- it in the same transaction.
CREATE TABLE glossary_term (
    id           @id,
    slug         TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    document     TEXT NOT NULL,
    starter_slug TEXT UNIQUE,      -- slug in the starter content; NULL: not from there
    starter_hash BIGINT NOT NULL,  -- of the document as the starter content last set it
    created_at   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL
);

-- What a term is called: its name, abbreviations and other forms. A word belongs to one term.
CREATE TABLE glossary_word (
    word    TEXT PRIMARY KEY,
    term_id BIGINT NOT NULL REFERENCES glossary_term (id)
);
CREATE INDEX glossary_word_term ON glossary_word (term_id);

-- One row: which starter content was loaded last.
CREATE TABLE glossary_state (
    id           BIGINT PRIMARY KEY,
    starter_hash BIGINT NOT NULL
);
INSERT INTO glossary_state (id, starter_hash) VALUES (1, 0);
