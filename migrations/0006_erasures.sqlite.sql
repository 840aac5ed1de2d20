-- Who erased a resident's data, when, and how much it was: nothing tells whose.
-- counts: as JSON. marks: keyed hashes of the names the resident could be asked
-- for by, so that asking again finds the erasure and nothing else does.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE erasures (
    id      TEXT    PRIMARY KEY,
    at      INTEGER NOT NULL,
    by_name TEXT    NOT NULL,
    forced  INTEGER NOT NULL,
    counts  TEXT    NOT NULL,
    marks   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- What was deleted before the program overwrote what it deletes.
VACUUM;

-- Cases that ended long ago are deleted.
CREATE INDEX cases_closed ON cases (closed_at) WHERE status = 'closed';

-- +goose Down
DROP INDEX cases_closed;
DROP TABLE erasures;
