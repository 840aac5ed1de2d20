-- What the desk asks cases and entries by. fate: how far a staff reply has
-- come (held: it can still be taken back; withdrawn: it was). next_at: when
-- what was promised next is due, 0 when nothing is.

-- +goose Up
ALTER TABLE entries ADD COLUMN fate TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN next_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX cases_next ON cases (next_at) WHERE next_at > 0 AND status <> 'closed';

-- +goose Down
DROP INDEX cases_next;
ALTER TABLE cases DROP COLUMN next_at;
ALTER TABLE entries DROP COLUMN fate;
