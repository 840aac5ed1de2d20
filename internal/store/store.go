// Package store owns the SQL: one Store for PostgreSQL and SQLite that keeps
// the boxes of package mailbox, what reception and desk decided, and media.
//
// It decides nothing. A reception.Turn is committed whole or not at all, under
// its lease. The SQL text is the same for both engines; what must differ is in
// postgres.go, sqlite.go and the migrations. What residents wrote and who they
// are is sealed before it leaves the process (package seal).
//
//	store.go     opening, and secrets of the installation
//	write.go     transactions as data, and group commit
//	lanes.go     leases: who may work on what, and when
//	inbox.go     mail in
//	outbox.go    letters out
//	turn.go      a resident's turn
//	cases.go     cases, entries, posts, media
//	lessons.go   what people teach the bot
//	person.go    one resident: known, exported
//	erase.go     one resident: erased, and the record that it was done
//	figures.go   how much waits, what was counted
//	upkeep.go    what is deleted when, and the change of keys
//	migrate.go   the schema alone, for tsunagu migrate
package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/seal"
	"github.com/tsunagu-chat/tsunagu/migrations"
)

// Config of a Store.
type Config struct {
	// URL is postgres://…, sqlite:PATH, or sqlite::memory: (gone when the
	// Store is closed).
	URL     string
	Seal    *seal.Seal       // required
	Migrate bool             // bring the schema to the newest version first
	Log     *slog.Logger     // nil: slog.Default()
	Now     func() time.Time // nil: time.Now
	// Conns is how many connections to PostgreSQL are held at most; 0: 16. Four
	// of them write for all.
	Conns int
}

// Store keeps everything in one database. It is safe for concurrent use, and
// several processes may use the same PostgreSQL.
type Store struct {
	engine engine
	db     reader
	seal   *seal.Seal
	log    *slog.Logger
	now    func() time.Time
	group  *group
	pepper []byte
	owner  string // names this Store in leases and figures
}

var (
	_ mailbox.InStore  = (*Store)(nil)
	_ mailbox.OutStore = (*Store)(nil)
	_ mailbox.Extender = (*Store)(nil)
	_ reception.Store  = (*Store)(nil)
)

// engine is what differs between PostgreSQL and SQLite.
type engine interface {
	name() migrations.Engine
	reader() reader
	// writer is for migrations.
	writer() *sql.DB
	// transact runs work in one transaction. After an error nothing of it is
	// true, except when the error is errUnclear. When it returns without one,
	// the transaction survives a power cut, unless it is passing: then only
	// the next that is not passing makes sure of it.
	transact(ctx context.Context, passing bool, work func(tx) error) error
	// writers is how many transactions at once make sense.
	writers() int
	// lock ends a SELECT that locks what it finds; skip does so without
	// waiting for what others have locked.
	lock() string
	skip() string
	// again reports an error after which the same transaction may succeed.
	again(error) bool
	// scrub makes what was deleted leave the files, as far as others who use
	// them allow it now.
	scrub(ctx context.Context)
	io.Closer
}

// reader answers queries outside of transactions.
type reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	PingContext(ctx context.Context) error
}

// errUnclear reports that a transaction may or may not have become true.
var errUnclear = errors.New("the commit's answer was lost")

// ErrSchema reports a database whose schema is not the one this program knows.
var ErrSchema = errors.New("the database has another schema version")

// Open opens the database.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.Seal == nil {
		return nil, errors.New("store: Seal is required")
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	e, err := openEngine(ctx, cfg)
	if err != nil {
		return nil, err
	}
	s := &Store{engine: e, db: e.reader(), seal: cfg.Seal, log: cfg.Log, now: cfg.Now, owner: strings.ToLower(rand.Text()[:10])}
	if err := s.prepare(ctx, cfg.Migrate); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	s.group = newGroup(e, s.owner)
	return s, nil
}

func openEngine(ctx context.Context, cfg Config) (engine, error) {
	scheme, rest, _ := strings.Cut(cfg.URL, ":")
	switch scheme {
	case "postgres", "postgresql":
		return openPostgres(ctx, cfg.URL, cfg.Conns)
	case "sqlite":
		return openSQLite(ctx, rest)
	}
	return nil, errors.New("database address is neither postgres://… nor sqlite:PATH") // not quoted: it may hold a password
}

// prepare checks or makes the schema and reads the installation's pepper.
func (s *Store) prepare(ctx context.Context, migrate bool) error {
	m, err := migrations.New(s.engine.writer(), s.engine.name(), nil)
	if err != nil {
		return err
	}
	if migrate {
		if _, err := m.Up(ctx); err != nil {
			return err
		}
	}
	version, err := m.Version(ctx)
	if err != nil {
		return err
	}
	if version != migrations.Latest() {
		return fmt.Errorf("%w: it has %d, this program needs %d (run: tsunagu migrate up)", ErrSchema, version, migrations.Latest())
	}
	s.pepper, err = s.secret(ctx, "pepper", 32)
	return err
}

// secret returns a random secret of the installation, made at its first use.
// Two processes that start at once agree on one.
func (s *Store) secret(ctx context.Context, name string, size int) ([]byte, error) {
	place := "settings.value:" + name
	fresh := make([]byte, size)
	_, _ = rand.Read(fresh) // never fails
	_, err := s.engine.writer().ExecContext(ctx, `INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`,
		name, s.seal.Seal(place, fresh))
	if err != nil {
		return nil, fmt.Errorf("keep %s: %w", name, err)
	}
	var sealed []byte
	if err := s.db.QueryRowContext(ctx, `SELECT value FROM settings WHERE name = $1`, name).Scan(&sealed); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	value, err := s.seal.Open(place, sealed)
	if errors.Is(err, seal.ErrKey) {
		return nil, fmt.Errorf("this database was begun with another DATA_KEY; give that key too, after a comma: %w", err)
	}
	return value, err
}

// Close waits for writes in hand and closes the database.
func (s *Store) Close() error {
	s.group.stop()
	return s.engine.Close()
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.db.PingContext(ctx); err != nil {
		return fmt.Errorf("reach database: %w", err)
	}
	return nil
}

// Engine names the database engine.
func (s *Store) Engine() string { return string(s.engine.name()) }

// SchemaVersion is the version of the database's schema.
func (s *Store) SchemaVersion(ctx context.Context) (int64, error) {
	m, err := migrations.New(s.engine.writer(), s.engine.name(), nil)
	if err != nil {
		return 0, err
	}
	return m.Version(ctx)
}

// Pseudonym is the name by which everything but LINE's edge knows a resident.
// It cannot be turned back without the pepper, which is sealed in this
// database, and differs between installations.
func (s *Store) Pseudonym(lineUserID string) string {
	mac := hmac.New(sha256.New, s.pepper)
	mac.Write([]byte(lineUserID))
	return "r-" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:15]))
}

// millis writes a time as the database keeps it; a zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// moment reads what millis wrote.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
