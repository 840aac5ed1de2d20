package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"github.com/tsunagu-chat/tsunagu/migrations"
	"modernc.org/sqlite" // registers the driver
)

// lite is SQLite: one connection writes, some read beside it (WAL).
type lite struct {
	write *sql.DB
	read  *prepared
	turn  chan struct{} // held by whoever writes
	conn  *sql.Conn     // the writing connection, with its statements
	stmts map[string]*sql.Stmt
	// passing tells that the connection does not flush at commit just now.
	passing bool
}

func openSQLite(ctx context.Context, path string) (*lite, error) {
	if path == "" {
		return nil, errors.New("database address sqlite: lacks a path")
	}
	pragmas := []string{"busy_timeout(5000)", "synchronous(FULL)", "temp_store(MEMORY)", "cache_size(-16000)",
		// What is deleted is overwritten: who looks into the file finds nothing of
		// it (https://www.sqlite.org/pragma.html#pragma_secure_delete).
		"secure_delete(ON)"}
	query := url.Values{"_txlock": {"immediate"}}
	address := url.URL{Scheme: "file"}
	if path == ":memory:" {
		// The memdb file system lets several connections share one database
		// (https://www.sqlite.org/src/file/src/memdb.c).
		address.Path = "/" + rand.Text()
		query.Set("vfs", "memdb")
	} else {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("make the database's folder: %w", err)
		}
		// Made by us so that nobody else on the machine can read it.
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the operator names the file
		if err != nil {
			return nil, fmt.Errorf("make the database's file: %w", err)
		}
		if err := f.Close(); err != nil {
			return nil, fmt.Errorf("make the database's file: %w", err)
		}
		address.Opaque = (&url.URL{Path: path}).EscapedPath()
		pragmas = append(pragmas, "journal_mode(WAL)")
	}
	query["_pragma"] = pragmas
	address.RawQuery = query.Encode()
	l := &lite{turn: make(chan struct{}, 1), stmts: map[string]*sql.Stmt{}}
	var err error
	if l.write, err = sql.Open("sqlite", address.String()); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	// One for our transactions, one for migrations at the start.
	l.write.SetMaxOpenConns(2)
	if l.conn, err = l.write.Conn(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), l.write.Close())
	}
	query["_pragma"] = append(pragmas, "query_only(1)")
	address.RawQuery = query.Encode()
	read, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), l.conn.Close(), l.write.Close())
	}
	read.SetMaxOpenConns(4)
	read.SetMaxIdleConns(4)
	l.read = &prepared{DB: read}
	return l, nil
}

// prepared reads with statements that are compiled once: compiling takes
// longer than running most of them. PostgreSQL's driver does that by itself.
type prepared struct {
	*sql.DB
	stmts sync.Map // query → *sql.Stmt; some dozens
}

func (p *prepared) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := p.stmts.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	fresh, err := p.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if s, other := p.stmts.LoadOrStore(query, fresh); other {
		return s.(*sql.Stmt), fresh.Close() //nolint:sqlclosecheck // another was faster
	}
	return fresh, nil
}

// QueryContext is like sql.DB's.
func (p *prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.stmt(ctx, query) //nolint:sqlclosecheck // kept for the next
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRowContext is like sql.DB's.
func (p *prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := p.stmt(ctx, query) //nolint:sqlclosecheck // kept for the next
	if err != nil {
		return p.DB.QueryRowContext(ctx, query, args...) // it carries the error
	}
	return s.QueryRowContext(ctx, args...)
}

func (l *lite) name() migrations.Engine { return migrations.SQLite }
func (l *lite) reader() reader          { return l.read }
func (l *lite) writer() *sql.DB         { return l.write }
func (l *lite) writers() int            { return 1 }
func (l *lite) lock() string            { return `` } // whoever writes has locked everything
func (l *lite) skip() string            { return `` }

// again: SQLITE_BUSY (5) and its kin, when another process writes for long.
func (l *lite) again(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == 5
}

// scrub empties the log of writes: it holds pages as they were before. Readers
// beside us can keep it from that; then it is overwritten by what is written
// next (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint).
func (l *lite) scrub(ctx context.Context) {
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return
	}
	defer func() { <-l.turn }()
	_, _ = l.conn.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
}

func (l *lite) Close() error {
	var err error
	for _, s := range l.stmts {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, l.conn.Close(), l.write.Close(), l.read.Close())
}

func (l *lite) transact(ctx context.Context, passing bool, work func(tx) error) (err error) {
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-l.turn }()
	// A context that ends in the middle would interrupt statements at any
	// point, the commit too; a write here is short.
	ctx = context.WithoutCancel(ctx)
	if passing != l.passing {
		if err := l.synchronous(ctx, passing); err != nil {
			return err
		}
	}
	if err := l.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	open := true
	defer func() {
		if open {
			if e := l.exec(ctx, "ROLLBACK"); e != nil {
				err = errors.Join(err, fmt.Errorf("rollback: %w", e))
			}
		}
	}()
	if err := work(l); err != nil {
		return err
	}
	if err := l.exec(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	open = false
	return nil
}

// synchronous sets whether commits wait for the disk. Without, the next commit
// that waits flushes the earlier ones with it
// (https://www.sqlite.org/pragma.html#pragma_synchronous).
func (l *lite) synchronous(ctx context.Context, passing bool) error {
	query := "PRAGMA synchronous = FULL"
	if passing {
		query = "PRAGMA synchronous = NORMAL"
	}
	// Not prepared: a prepared pragma may take effect when it is compiled.
	if _, err := l.conn.ExecContext(ctx, query); err != nil {
		return fmt.Errorf("set how commits are flushed: %w", err)
	}
	l.passing = passing
	return nil
}

func (l *lite) exec(ctx context.Context, query string) error {
	stmt, err := l.prepare(ctx, query) //nolint:sqlclosecheck // kept for the next
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(ctx)
	return err
}

// prepare keeps each statement compiled; there are some dozens in all.
func (l *lite) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := l.stmts[query]; ok {
		return stmt, nil
	}
	stmt, err := l.conn.PrepareContext(ctx, query)
	if err == nil {
		l.stmts[query] = stmt
	}
	return stmt, err
}

func (l *lite) run(ctx context.Context, steps ...step) error {
	for _, s := range steps {
		if err := l.step(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (l *lite) step(ctx context.Context, s step) error {
	stmt, err := l.prepare(ctx, s.sql) //nolint:sqlclosecheck // kept for the next
	if err != nil {
		return err
	}
	var n int64
	if s.row == nil {
		r, err := stmt.ExecContext(ctx, s.args...)
		if err != nil {
			return err
		}
		if n, err = r.RowsAffected(); err != nil {
			return err
		}
	} else {
		rows, err := stmt.QueryContext(ctx, s.args...)
		if err != nil {
			return err
		}
		if err := each(rows, func(scan func(...any) error) error { n++; return s.row(scan) }); err != nil {
			return err
		}
	}
	if s.done != nil {
		return s.done(n)
	}
	return nil
}
