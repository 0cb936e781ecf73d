-- What people and the program did, in a chain: the hash of each row covers the hash of the row before it. Rows are added at the
-- head only, never changed, and removed only up to a recorded cut.
CREATE TABLE audit (
    number     BIGINT PRIMARY KEY,  -- 1, 2, 3 without gaps
    at         BIGINT NOT NULL,
    account_id BIGINT,              -- NULL: the program, or the command line
    who        TEXT NOT NULL,       -- the name as it was then
    verb       TEXT NOT NULL,       -- item.publish
    object     TEXT NOT NULL,       -- item; empty: none
    object_id  BIGINT,
    details    TEXT NOT NULL,       -- a JSON object
    origin     TEXT NOT NULL,       -- the network that it came from; empty: none
    hash       TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_object ON audit (object, object_id);

CREATE TABLE audit_head (
    one        BIGINT PRIMARY KEY CHECK (one = 1),
    number     BIGINT NOT NULL,     -- of the last row
    hash       TEXT NOT NULL,
    cut_number BIGINT NOT NULL,     -- of the last row that was removed; 0: none
    cut_hash   TEXT NOT NULL
);
-- A head of nothing may go, for a copy of a database is put back into an empty one: rows without a head are taken as they come.
INSERT INTO audit_head (one, number, hash, cut_number, cut_hash) VALUES (1, 0, '', 0, '');

-- @sqlite
CREATE TRIGGER audit_keeps BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
WHEN OLD.number > (SELECT cut_number FROM audit_head)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- INSERT OR REPLACE removes a row without asking the trigger above.
CREATE TRIGGER audit_grows BEFORE INSERT ON audit
WHEN NEW.number <> (SELECT number FROM audit_head) OR EXISTS (SELECT 1 FROM audit WHERE number = NEW.number)
BEGIN
    SELECT RAISE(ABORT, 'the audit log grows at its head only');
END;
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
WHEN OLD.number > 0
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- @postgres
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit' THEN
        IF OLD.number <= (SELECT cut_number FROM audit_head) THEN
            RETURN OLD;
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        IF OLD.number = 0 THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only';
END
$body$;
CREATE FUNCTION audit_at_head() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.number <> (SELECT number FROM audit_head) THEN
        RAISE EXCEPTION 'the audit log grows at its head only';
    END IF;
    RETURN NEW;
END
$body$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_whole BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_grows BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_at_head();
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_whole BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
