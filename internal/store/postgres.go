package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/tsunagu-chat/tsunagu/migrations"
)

// postgres writes through pgx itself, whose batches bring all statements of a
// transaction over in one round trip, and reads through database/sql over the
// same connections.
type postgres struct {
	pool *pgxpool.Pool
	db   *sql.DB
}

// pgWriters is how many group transactions run at once. One alone leaves the
// disk idle while it computes; many make groups small.
const pgWriters = 4

func openPostgres(ctx context.Context, url string, conns int) (*postgres, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("database address is not one PostgreSQL understands") // its own error quotes the address
	}
	if conns == 0 {
		conns = 16
	}
	cfg.MaxConns = int32(max(conns, pgWriters+2))
	cfg.MaxConnIdleTime = 5 * time.Minute
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach database: %w", err)
	}
	return &postgres{pool: pool, db: stdlib.OpenDBFromPool(pool)}, nil
}

func (p *postgres) name() migrations.Engine { return migrations.Postgres }
func (p *postgres) reader() reader          { return p.db }
func (p *postgres) writer() *sql.DB         { return p.db }
func (p *postgres) writers() int            { return pgWriters }
func (p *postgres) lock() string            { return ` FOR UPDATE` }
func (p *postgres) skip() string            { return ` FOR UPDATE SKIP LOCKED` }

// scrub: autovacuum sees to it.
func (p *postgres) scrub(context.Context) {}

func (p *postgres) Close() error {
	err := p.db.Close()
	p.pool.Close()
	return err
}

// again: 40P01 is a deadlock, 40001 a serialization failure
// (https://www.postgresql.org/docs/current/errcodes-appendix.html).
func (p *postgres) again(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40P01" || pg.Code == "40001")
}

func (p *postgres) transact(ctx context.Context, passing bool, work func(tx) error) error {
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("reach database: %w", err)
	}
	// A connection in the middle of a transaction is closed by Release.
	defer conn.Release()
	t := &pgTx{conn: conn.Conn(), passing: passing}
	if err := work(t); err != nil {
		if t.begun {
			undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			_, _ = conn.Exec(undo, "rollback") // a failure closes the connection, which undoes too
		}
		return err
	}
	if !t.begun {
		return nil
	}
	tag, err := conn.Exec(ctx, "commit")
	if err != nil {
		return fmt.Errorf("%w: %w", errUnclear, err)
	}
	if tag.String() != "COMMIT" {
		return errors.New("the database undid the transaction")
	}
	return nil
}

type pgTx struct {
	conn    *pgx.Conn
	passing bool
	begun   bool
}

// run sends all steps at once. A failed step ends the transaction, so that
// those behind it do nothing.
func (t *pgTx) run(ctx context.Context, steps ...step) (err error) {
	var batch pgx.Batch
	var prologue []string
	if !t.begun {
		prologue = []string{"begin"}
		if t.passing {
			prologue = append(prologue, "set local synchronous_commit to off")
		}
	}
	for _, query := range prologue {
		batch.Queue(query)
	}
	for _, s := range steps {
		batch.Queue(s.sql, s.args...)
	}
	results := t.conn.SendBatch(ctx, &batch)
	defer func() {
		if e := results.Close(); err == nil {
			err = e
		}
	}()
	t.begun = true
	for range prologue {
		if _, err := results.Exec(); err != nil {
			return fmt.Errorf("begin: %w", err)
		}
	}
	for _, s := range steps {
		if err := t.step(results, s); err != nil {
			return err
		}
	}
	return nil
}

func (t *pgTx) step(results pgx.BatchResults, s step) error {
	var n int64
	if s.row == nil {
		tag, err := results.Exec()
		if err != nil {
			return err
		}
		n = tag.RowsAffected()
	} else {
		rows, err := results.Query()
		if err != nil {
			return err
		}
		defer rows.Close()
		for ; rows.Next(); n++ {
			if err := s.row(rows.Scan); err != nil {
				return err
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
	}
	if s.done != nil {
		return s.done(n)
	}
	return nil
}
