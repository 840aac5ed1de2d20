-- Who had a case in danger lately rests from the next: those cases are found
-- without reading all others.

-- +goose Up
CREATE INDEX cases_danger ON cases (closed_at) WHERE danger <> '';

-- +goose Down
DROP INDEX cases_danger;
