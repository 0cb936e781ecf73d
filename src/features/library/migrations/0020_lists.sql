-- The pages of terms and the newest items without sorting. What a list of a term is ordered by stands in its rows, derived
-- as they are: the type and title of the item, and how many terms of this kind it has.
ALTER TABLE item_term ADD COLUMN type TEXT NOT NULL DEFAULT '';
ALTER TABLE item_term ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE item_term ADD COLUMN of_kind BIGINT NOT NULL DEFAULT 0;

UPDATE item_term SET
    type = (SELECT i.type FROM item i WHERE i.id = item_term.item_id),
    title = (SELECT i.title FROM item i WHERE i.id = item_term.item_id),
    of_kind = (SELECT COUNT(*) FROM item_term x WHERE x.item_id = item_term.item_id AND x.kind = item_term.kind);

CREATE INDEX item_term_list ON item_term (kind, code, type, of_kind, title, item_id);
DROP INDEX item_term_code;

CREATE INDEX item_newest ON item (changed_at DESC, id);
DROP INDEX item_changed;
