-- What residents wrote, and everything that tells who they are, is sealed by
-- the program before it comes here: the BLOB columns. Times are UTC
-- milliseconds. STRICT tables, or SQLite would take 'abc' for a number.

-- +goose Up
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A lane is one resident's mail (box 0), or one resident's or Slack channel's
-- letters (box 1). Whoever works on it holds fence; owner is empty when
-- nobody does. due: when something in it is next to be acted on, never later
-- than the truth. until: not to be leased before. tries: leases of mail since
-- some of it was last done; they count for the first piece.
CREATE TABLE lanes (
    box   INTEGER NOT NULL CHECK (box IN (0, 1)),
    lane  TEXT    NOT NULL,
    due   INTEGER,
    until INTEGER NOT NULL DEFAULT 0,
    fence INTEGER NOT NULL DEFAULT 0,
    owner TEXT    NOT NULL DEFAULT '',
    tries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (box, lane)
) STRICT, WITHOUT ROWID;
CREATE INDEX lanes_due ON lanes (box, due) WHERE due IS NOT NULL;

-- state: 0 waiting, 1 done, 2 parked. tries: of parked mail.
CREATE TABLE mail (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    key     TEXT    NOT NULL UNIQUE,
    lane    TEXT    NOT NULL,
    source  TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    due     INTEGER NOT NULL,
    body    BLOB    NOT NULL,
    tries   INTEGER NOT NULL DEFAULT 0,
    state   INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),
    done_at INTEGER NOT NULL DEFAULT 0,
    reason  TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX mail_waiting ON mail (lane, at, seq) WHERE state = 0;
CREATE INDEX mail_done ON mail (done_at) WHERE state <> 0;
CREATE INDEX mail_parked ON mail (seq) WHERE state = 2;

-- state: 0 waiting, 1 sent, 2 buried, 3 withdrawn. clear: no try so far may have
-- succeeded unseen; was_clear: the same before the try in hand.
CREATE TABLE letters (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    lane       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    fold       TEXT    NOT NULL,
    urgent     INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    body       BLOB    NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    clear      INTEGER NOT NULL DEFAULT TRUE,
    was_clear  INTEGER NOT NULL DEFAULT TRUE,
    created    INTEGER NOT NULL,
    state      INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2, 3)),
    done_at    INTEGER NOT NULL DEFAULT 0,
    reason     TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX letters_waiting ON letters (lane, urgent DESC, seq) WHERE state = 0;
CREATE INDEX letters_fold ON letters (lane, fold) WHERE state = 0 AND fold <> '';
CREATE INDEX letters_done ON letters (done_at) WHERE state <> 0;
CREATE INDEX letters_buried ON letters (seq) WHERE state = 2;

-- What a carrier made on its platform, so that it can be found and changed.
CREATE TABLE posts (
    kind    TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    ref     TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX posts_ref ON posts (kind, ref);

CREATE TABLE residents (
    id      TEXT    PRIMARY KEY,
    number  INTEGER NOT NULL,
    state   BLOB    NOT NULL,
    contact BLOB,
    gone    INTEGER NOT NULL DEFAULT FALSE,
    since   INTEGER NOT NULL,
    seen    INTEGER NOT NULL
) STRICT;

-- The case itself is sealed whole; the other columns are copies to ask by.
CREATE TABLE cases (
    id          TEXT    PRIMARY KEY,
    number      TEXT    NOT NULL,
    resident    TEXT    NOT NULL,
    window_id   TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    danger      TEXT    NOT NULL,
    unsure      INTEGER NOT NULL,
    lang        TEXT    NOT NULL,
    town        TEXT    NOT NULL,
    holder      TEXT    NOT NULL,
    opened_at   INTEGER NOT NULL,
    taken_at    INTEGER NOT NULL,
    answered_at INTEGER NOT NULL,
    closed_at   INTEGER NOT NULL,
    content     BLOB    NOT NULL
) STRICT;
CREATE INDEX cases_resident ON cases (resident, opened_at);
CREATE INDEX cases_open ON cases (window_id, opened_at) WHERE status <> 'closed';
CREATE INDEX cases_opened ON cases (opened_at);
CREATE INDEX cases_number ON cases (number);

CREATE TABLE entries (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    case_id    TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    by_id      TEXT    NOT NULL,
    by_name    TEXT    NOT NULL,
    text       BLOB    NOT NULL,
    message_id TEXT    NOT NULL,
    media      TEXT    NOT NULL,
    note       TEXT    NOT NULL,
    unsent     INTEGER NOT NULL
) STRICT;
CREATE INDEX entries_case ON entries (case_id, at, seq);
CREATE INDEX entries_message ON entries (message_id) WHERE message_id <> '';

-- forgotten: the resident took the message back; nothing may be put here again.
CREATE TABLE media (
    message_id TEXT    PRIMARY KEY,
    resident   TEXT    NOT NULL,
    mime       TEXT    NOT NULL,
    name       BLOB    NOT NULL,
    size       INTEGER NOT NULL,
    content    BLOB    NOT NULL,
    forgotten  INTEGER NOT NULL DEFAULT FALSE,
    expires    INTEGER NOT NULL
) STRICT;
CREATE INDEX media_expires ON media (expires);
CREATE INDEX media_resident ON media (resident);

-- part: who counted. Each writer has its own rows, so that two never wait for
-- each other; past days are added up into part ''.
CREATE TABLE counts (
    day       TEXT    NOT NULL,
    what      TEXT    NOT NULL,
    window_id TEXT    NOT NULL,
    lang      TEXT    NOT NULL,
    town      TEXT    NOT NULL,
    part      TEXT    NOT NULL,
    n         INTEGER NOT NULL,
    PRIMARY KEY (day, what, window_id, lang, town, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX counts_part ON counts (day) WHERE part <> '';

-- +goose Down
DROP TABLE counts;
DROP TABLE media;
DROP TABLE entries;
DROP TABLE cases;
DROP TABLE residents;
DROP TABLE posts;
DROP TABLE letters;
DROP TABLE mail;
DROP TABLE lanes;
DROP TABLE settings;
