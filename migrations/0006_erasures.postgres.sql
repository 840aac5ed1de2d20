-- Who erased a resident's data, when, and how much it was: nothing tells whose.
-- counts: as JSON. marks: keyed hashes of the names the resident could be asked
-- for by, so that asking again finds the erasure and nothing else does.

-- +goose Up
CREATE TABLE erasures (
    id      TEXT    PRIMARY KEY,
    at      BIGINT  NOT NULL,
    by_name TEXT    NOT NULL,
    forced  BOOLEAN NOT NULL,
    counts  TEXT    NOT NULL,
    marks   TEXT    NOT NULL
);

-- Cases that ended long ago are deleted.
CREATE INDEX cases_closed ON cases (closed_at) WHERE status = 'closed';

-- +goose Down
DROP INDEX cases_closed;
DROP TABLE erasures;
