-- What is counted for the report about the town's needs, by month: see
-- internal/insight. Nothing in it belongs to anybody. by_: what a measure is
-- split by; a, b: which part it is. part: who counted, as in counts.
-- judgements: what staff decided about a month's report; id: month/window.

-- +goose Up
CREATE TABLE tallies (
    month   TEXT    NOT NULL,
    measure TEXT    NOT NULL,
    by_     TEXT    NOT NULL,
    a       TEXT    NOT NULL,
    b       TEXT    NOT NULL,
    part    TEXT    NOT NULL,
    n       INTEGER NOT NULL,
    PRIMARY KEY (month, measure, by_, a, b, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX tallies_part ON tallies (month) WHERE part <> '';
CREATE TABLE judgements (
    id        TEXT    PRIMARY KEY,
    month     TEXT    NOT NULL,
    window_id TEXT    NOT NULL,
    scope     TEXT    NOT NULL,
    why       BLOB    NOT NULL,
    by_id     TEXT    NOT NULL,
    by_name   TEXT    NOT NULL,
    at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE judgements;
DROP TABLE tallies;
