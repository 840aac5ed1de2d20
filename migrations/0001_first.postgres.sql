-- What residents wrote, and everything that tells who they are, is sealed by
-- the program before it comes here: the BYTEA columns. Times are UTC
-- milliseconds. Sealed values do not compress, so PostgreSQL need not try:
-- STORAGE EXTERNAL.

-- +goose Up
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

-- A lane is one resident's mail (box 0), or one resident's or Slack channel's
-- letters (box 1). Whoever works on it holds fence; owner is empty when
-- nobody does. due: when something in it is next to be acted on, never later
-- than the truth. until: not to be leased before. tries: leases of mail since
-- some of it was last done; they count for the first piece.
CREATE TABLE lanes (
    box   SMALLINT NOT NULL CHECK (box IN (0, 1)),
    lane  TEXT     NOT NULL,
    due   BIGINT,
    until BIGINT   NOT NULL DEFAULT 0,
    fence BIGINT   NOT NULL DEFAULT 0,
    owner TEXT     NOT NULL DEFAULT '',
    tries INTEGER  NOT NULL DEFAULT 0,
    PRIMARY KEY (box, lane)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
CREATE INDEX lanes_due ON lanes (box, due) WHERE due IS NOT NULL;

-- state: 0 waiting, 1 done, 2 parked. tries: of parked mail.
CREATE TABLE mail (
    seq     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key     TEXT     NOT NULL UNIQUE,
    lane    TEXT     NOT NULL,
    source  TEXT     NOT NULL,
    at      BIGINT   NOT NULL,
    due     BIGINT   NOT NULL,
    body    BYTEA    NOT NULL,
    tries   INTEGER  NOT NULL DEFAULT 0,
    state   SMALLINT NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),
    done_at BIGINT   NOT NULL DEFAULT 0,
    reason  TEXT     NOT NULL DEFAULT ''
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE mail ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX mail_waiting ON mail (lane, at, seq) WHERE state = 0;
CREATE INDEX mail_done ON mail (done_at) WHERE state <> 0;
CREATE INDEX mail_parked ON mail (seq) WHERE state = 2;

-- state: 0 waiting, 1 sent, 2 buried, 3 withdrawn. clear: no try so far may have
-- succeeded unseen; was_clear: the same before the try in hand.
CREATE TABLE letters (
    seq        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         TEXT     COLLATE "C" NOT NULL UNIQUE, -- asked for by its beginning
    lane       TEXT     NOT NULL,
    kind       TEXT     NOT NULL,
    subject    TEXT     NOT NULL,
    fold       TEXT     NOT NULL,
    urgent     BOOLEAN  NOT NULL,
    not_before BIGINT   NOT NULL,
    body       BYTEA    NOT NULL,
    tries      INTEGER  NOT NULL DEFAULT 0,
    clear      BOOLEAN  NOT NULL DEFAULT TRUE,
    was_clear  BOOLEAN  NOT NULL DEFAULT TRUE,
    created    BIGINT   NOT NULL,
    state      SMALLINT NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2, 3)),
    done_at    BIGINT   NOT NULL DEFAULT 0,
    reason     TEXT     NOT NULL DEFAULT ''
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE letters ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX letters_waiting ON letters (lane, urgent DESC, seq) WHERE state = 0;
CREATE INDEX letters_fold ON letters (lane, fold) WHERE state = 0 AND fold <> '';
CREATE INDEX letters_done ON letters (done_at) WHERE state <> 0;
CREATE INDEX letters_buried ON letters (seq) WHERE state = 2;

-- What a carrier made on its platform, so that it can be found and changed.
CREATE TABLE posts (
    kind    TEXT   NOT NULL,
    subject TEXT   COLLATE "C" NOT NULL, -- asked for by its beginning
    ref     TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE INDEX posts_ref ON posts (kind, ref);

CREATE TABLE residents (
    id      TEXT    PRIMARY KEY,
    number  BIGINT  NOT NULL,
    state   BYTEA   NOT NULL,
    contact BYTEA,
    gone    BOOLEAN NOT NULL DEFAULT FALSE,
    since   BIGINT  NOT NULL,
    seen    BIGINT  NOT NULL
) WITH (fillfactor = 70);
ALTER TABLE residents ALTER COLUMN state SET STORAGE EXTERNAL;

-- The case itself is sealed whole; the other columns are copies to ask by.
CREATE TABLE cases (
    id          TEXT    PRIMARY KEY,
    number      TEXT    NOT NULL,
    resident    TEXT    NOT NULL,
    window_id   TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    danger      TEXT    NOT NULL,
    unsure      BOOLEAN NOT NULL,
    lang        TEXT    NOT NULL,
    town        TEXT    NOT NULL,
    holder      TEXT    NOT NULL,
    opened_at   BIGINT  NOT NULL,
    taken_at    BIGINT  NOT NULL,
    answered_at BIGINT  NOT NULL,
    closed_at   BIGINT  NOT NULL,
    content     BYTEA   NOT NULL
);
ALTER TABLE cases ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX cases_resident ON cases (resident, opened_at);
CREATE INDEX cases_open ON cases (window_id, opened_at) WHERE status <> 'closed';
CREATE INDEX cases_opened ON cases (opened_at);
CREATE INDEX cases_number ON cases (number);

CREATE TABLE entries (
    seq        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    case_id    TEXT    NOT NULL,
    at         BIGINT  NOT NULL,
    kind       TEXT    NOT NULL,
    by_id      TEXT    NOT NULL,
    by_name    TEXT    NOT NULL,
    text       BYTEA   NOT NULL,
    message_id TEXT    NOT NULL,
    media      TEXT    NOT NULL,
    note       TEXT    NOT NULL,
    unsent     BOOLEAN NOT NULL
);
ALTER TABLE entries ALTER COLUMN text SET STORAGE EXTERNAL;
CREATE INDEX entries_case ON entries (case_id, at, seq);
CREATE INDEX entries_message ON entries (message_id) WHERE message_id <> '';

-- forgotten: the resident took the message back; nothing may be put here again.
CREATE TABLE media (
    message_id TEXT    PRIMARY KEY,
    resident   TEXT    NOT NULL,
    mime       TEXT    NOT NULL,
    name       BYTEA   NOT NULL,
    size       BIGINT  NOT NULL,
    content    BYTEA   NOT NULL,
    forgotten  BOOLEAN NOT NULL DEFAULT FALSE,
    expires    BIGINT  NOT NULL
);
ALTER TABLE media ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX media_expires ON media (expires);
CREATE INDEX media_resident ON media (resident);

-- part: who counted. Each writer has its own rows, so that two never wait for
-- each other; past days are added up into part ''.
CREATE TABLE counts (
    day       TEXT   NOT NULL,
    what      TEXT   NOT NULL,
    window_id TEXT   NOT NULL,
    lang      TEXT   NOT NULL,
    town      TEXT   NOT NULL,
    part      TEXT   NOT NULL,
    n         BIGINT NOT NULL,
    PRIMARY KEY (day, what, window_id, lang, town, part)
) WITH (fillfactor = 50);
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
