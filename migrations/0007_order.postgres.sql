-- Which letters go when. yields: while it waits for its time the others of its
-- lane go on. shown: a keyed hash of what a post shows, so that the same is not
-- sent again; empty when that is not known.

-- +goose Up
ALTER TABLE letters ADD COLUMN yields BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE posts ADD COLUMN shown TEXT NOT NULL DEFAULT '';
CREATE INDEX letters_yielding ON letters (lane, not_before) WHERE state = 0 AND yields;

-- +goose Down
DROP INDEX letters_yielding;
ALTER TABLE posts DROP COLUMN shown;
ALTER TABLE letters DROP COLUMN yields;
