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

-- +goose Down
DROP TABLE erasures;
