-- What staff say from Slack about single days, and who looks at the desk.
-- periods: when staff answer on that day, as JSON; [] when they do not.

-- +goose Up
CREATE TABLE days (
    day     TEXT    PRIMARY KEY,
    periods TEXT    NOT NULL,
    by_id   TEXT    NOT NULL,
    by_name TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE on_duty (
    day  TEXT    NOT NULL,
    id   TEXT    NOT NULL,
    name TEXT    NOT NULL,
    at   INTEGER NOT NULL,
    PRIMARY KEY (day, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE home_users (
    id   TEXT    PRIMARY KEY,
    seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE home_users;
DROP TABLE on_duty;
DROP TABLE days;
