-- What people teach the running bot. text: the resident's words without names,
-- sealed; empty once declined. resident: who allowed it, only while state is
-- proposed. version: of lesson_version when it was decided.

-- +goose Up
CREATE TABLE lessons (
    id          TEXT    PRIMARY KEY,
    resident    TEXT    NOT NULL,
    text        BYTEA   NOT NULL,
    shown_id    TEXT    NOT NULL,
    right_id    TEXT    NOT NULL,
    lang        TEXT    NOT NULL,
    why         TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('proposed', 'accepted', 'declined')),
    proposed_at BIGINT  NOT NULL,
    edits       INTEGER NOT NULL DEFAULT 0,
    by_id       TEXT    NOT NULL DEFAULT '',
    by_name     TEXT    NOT NULL DEFAULT '',
    decided_at  BIGINT  NOT NULL DEFAULT 0,
    effect      TEXT    NOT NULL DEFAULT '',
    version     BIGINT  NOT NULL DEFAULT 0
);
ALTER TABLE lessons ALTER COLUMN text SET STORAGE EXTERNAL;
CREATE INDEX lessons_resident ON lessons (resident) WHERE resident <> '';
CREATE INDEX lessons_accepted ON lessons (version) WHERE state = 'accepted';

-- One row, locked by whoever decides: so the version grows with every decision
-- and no process can miss one.
CREATE TABLE lesson_version (
    id      SMALLINT PRIMARY KEY CHECK (id = 1),
    version BIGINT   NOT NULL
);
INSERT INTO lesson_version (id, version) VALUES (1, 0);

-- +goose Down
DROP TABLE lesson_version;
DROP TABLE lessons;
