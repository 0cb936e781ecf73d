-- Words that mean the same, and words that are never split or reduced; data, so that editors can manage them.
CREATE TABLE search_synonym (
    id           @id,
    from_words   TEXT NOT NULL,
    to_words     TEXT NOT NULL,
    both_ways    BIGINT NOT NULL,
    starter      BIGINT NOT NULL,   -- 1: from the starter content
    UNIQUE (from_words, to_words)
);
CREATE TABLE search_protected (
    word    TEXT PRIMARY KEY,
    starter BIGINT NOT NULL
);
CREATE TABLE search_starter (
    id   BIGINT PRIMARY KEY,
    hash TEXT NOT NULL
);
