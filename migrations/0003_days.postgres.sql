-- What staff say from Slack about single days, and who looks at the desk.
-- periods: when staff answer on that day, as JSON; [] when they do not.

-- +goose Up
CREATE TABLE days (
    day     TEXT   PRIMARY KEY,
    periods TEXT   NOT NULL,
    by_id   TEXT   NOT NULL,
    by_name TEXT   NOT NULL,
    at      BIGINT NOT NULL
);
CREATE TABLE on_duty (
    day  TEXT   NOT NULL,
    id   TEXT   NOT NULL,
    name TEXT   NOT NULL,
    at   BIGINT NOT NULL,
    PRIMARY KEY (day, id)
);
CREATE TABLE home_users (
    id   TEXT   PRIMARY KEY,
    seen BIGINT NOT NULL
);

-- +goose Down
DROP TABLE home_users;
DROP TABLE on_duty;
DROP TABLE days;
