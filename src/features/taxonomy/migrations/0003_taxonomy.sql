-- The words that all features share: phases, bottlenecks, themes, actors. Rows, not enums in code.
CREATE TABLE taxonomy_term (
    id           @id,
    kind         TEXT NOT NULL,   -- fase, knelpunt, thema, rol
    code         TEXT NOT NULL,   -- stable key in content and API
    slug         TEXT NOT NULL,   -- address on the site
    name         TEXT NOT NULL,
    formal       TEXT NOT NULL,   -- precise name, empty when the same
    summary      TEXT NOT NULL,
    text         TEXT NOT NULL,
    ends_with    TEXT NOT NULL,   -- phases: the decision that ends it
    section      TEXT NOT NULL,   -- actors: gemeente, partner, markt
    planmonitor  TEXT NOT NULL,   -- bottlenecks: matching values of plan monitors, separated by '|'
    position     BIGINT NOT NULL,
    starter_hash BIGINT NOT NULL, -- of the row as the starter content last set it; 0: not from there
    UNIQUE (kind, code),
    UNIQUE (kind, slug)
);
