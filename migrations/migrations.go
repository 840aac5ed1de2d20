// Package migrations owns the database's schema: how it came to be, version by
// version, on PostgreSQL and on SQLite.
//
// A file NNNN_name.sql serves both; where they must differ there is a pair,
// NNNN_name.postgres.sql and NNNN_name.sqlite.sql. Every version can be taken
// back. The package does not own the queries: those are in internal/store.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// Engine names a database engine as the migration files do.
type Engine string

// The engines.
const (
	Postgres Engine = "postgres"
	SQLite   Engine = "sqlite"
)

// Migrations brings one database to a version of the schema.
type Migrations struct {
	provider *goose.Provider
	latest   int64
}

// New returns the migrations of a database. Several processes may migrate the
// same PostgreSQL at once: they wait for each other.
func New(db *sql.DB, engine Engine, log *slog.Logger) (*Migrations, error) {
	dialect := goose.DialectSQLite3
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if log != nil {
		options = append(options, goose.WithSlog(log))
	}
	if engine == Postgres {
		dialect = goose.DialectPostgres
		// Tried every second, for two minutes at most.
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
		if err != nil {
			return nil, fmt.Errorf("make migration lock: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(dialect, db, only{engine}, options...)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return &Migrations{provider: provider, latest: Latest()}, nil
}

// Up brings the database to the newest version and returns the versions
// applied.
func (m *Migrations) Up(ctx context.Context) ([]int64, error) {
	results, err := m.provider.Up(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate up: %w", err)
	}
	applied := make([]int64, len(results))
	for i, r := range results {
		applied[i] = r.Source.Version
	}
	return applied, nil
}

// Down takes the newest version back and returns it. It fails with
// ErrAtBottom when there is none.
func (m *Migrations) Down(ctx context.Context) (int64, error) {
	r, err := m.provider.Down(ctx)
	if errors.Is(err, goose.ErrNoNextVersion) {
		return 0, ErrAtBottom
	}
	if err != nil {
		return 0, fmt.Errorf("migrate down: %w", err)
	}
	return r.Source.Version, nil
}

// ErrAtBottom reports that there is no version to take back.
var ErrAtBottom = errors.New("the database has no schema to take back")

// State is one version and whether the database has it.
type State struct {
	Version   int64
	Name      string // file name
	AppliedAt time.Time
	Applied   bool
}

// Status lists all versions, oldest first.
func (m *Migrations) Status(ctx context.Context) ([]State, error) {
	list, err := m.provider.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("read migration status: %w", err)
	}
	states := make([]State, len(list))
	for i, s := range list {
		states[i] = State{Version: s.Source.Version, Name: s.Source.Path, AppliedAt: s.AppliedAt, Applied: s.State == goose.StateApplied}
	}
	return states, nil
}

// Version is the database's version; 0 when it has no schema.
func (m *Migrations) Version(ctx context.Context) (int64, error) {
	v, err := m.provider.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	return v, nil
}

// Latest is the newest version there is.
func Latest() int64 {
	entries, err := files.ReadDir(".")
	if err != nil { // the embedded folder is always there
		panic(err)
	}
	var latest int64
	for _, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		if v, err := strconv.ParseInt(number, 10, 64); err == nil {
			latest = max(latest, v)
		}
	}
	return latest
}

// only is the files of one engine: those for both, and its half of each pair.
type only struct{ engine Engine }

// Open implements fs.FS.
func (o only) Open(name string) (fs.File, error) { return files.Open(name) }

// ReadDir implements fs.ReadDirFS; goose lists the files through it.
func (o only) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := files.ReadDir(name)
	if err != nil {
		return nil, err
	}
	var mine []fs.DirEntry
	for _, e := range all {
		other := SQLite
		if o.engine == SQLite {
			other = Postgres
		}
		if !strings.HasSuffix(e.Name(), "."+string(other)+".sql") {
			mine = append(mine, e)
		}
	}
	return mine, nil
}
