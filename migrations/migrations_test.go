package migrations_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/tsunagu-chat/tsunagu/internal/store/pgtest"
	"github.com/tsunagu-chat/tsunagu/migrations"
	_ "modernc.org/sqlite"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func open(t *testing.T, driver, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func onEach(t *testing.T, test func(t *testing.T, db *sql.DB, engine migrations.Engine)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, "sqlite", filepath.Join(t.TempDir(), "m.db")), migrations.SQLite)
	})
	if pgtest.Wanted() {
		t.Run("postgres", func(t *testing.T) {
			t.Parallel()
			test(t, open(t, "pgx", pgtest.URL(t)), migrations.Postgres)
		})
	}
}

// schema lists tables, columns and indexes.
func schema(t *testing.T, db *sql.DB, engine migrations.Engine) []string {
	t.Helper()
	query := `SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose%'`
	if engine == migrations.Postgres {
		query = `SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || coalesce(' ' || collation_name, '') FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name NOT LIKE 'goose%'
UNION ALL SELECT replace(indexdef, current_schema() || '.', '') FROM pg_indexes WHERE schemaname = current_schema() AND tablename NOT LIKE 'goose%'`
	}
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

func TestUpDownUp(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sql.DB, engine migrations.Engine) {
		ctx := t.Context()
		m, err := migrations.New(db, engine, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := func(version int64) {
			t.Helper()
			if v, err := m.Version(ctx); v != version || err != nil {
				t.Fatalf("version: got %d, %v; want %d", v, err, version)
			}
		}
		want(0)
		latest := migrations.Latest()
		if latest < 1 {
			t.Fatalf("latest: got %d, want at least 1", latest)
		}
		versions, err := m.Up(ctx) // numbers may be left out
		if err != nil || len(versions) == 0 || versions[len(versions)-1] != latest {
			t.Fatalf("up: applied %v, %v; want all up to %d", versions, err, latest)
		}
		want(latest)
		first := schema(t, db, engine)
		if len(first) < 20 {
			t.Fatalf("schema has %d parts, want more", len(first))
		}
		if applied, err := m.Up(ctx); err != nil || len(applied) != 0 {
			t.Errorf("up again: applied %v, %v; want nothing", applied, err)
		}
		below := append([]int64{0}, versions...)
		for i := len(versions); i > 0; i-- {
			if got, err := m.Down(ctx); got != below[i] || err != nil {
				t.Fatalf("down: got %d, %v; want %d", got, err, below[i])
			}
			want(below[i-1])
		}
		if left := schema(t, db, engine); len(left) != 0 {
			t.Errorf("taken back, and left behind: %v", left)
		}
		if _, err := m.Down(ctx); !errors.Is(err, migrations.ErrAtBottom) {
			t.Errorf("down from the bottom: got %v, want %v", err, migrations.ErrAtBottom)
		}
		if _, err := m.Up(ctx); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, schema(t, db, engine)); diff != "" {
			t.Errorf("up, down, up (-first +second):\n%s", diff)
		}
		states, err := m.Status(ctx)
		if err != nil || len(states) != len(versions) || !states[0].Applied || states[0].AppliedAt.IsZero() {
			t.Errorf("status: got %+v, %v", states, err)
		}
	})
}

// TestBothHalvesAgree finds a column that only one engine has.
func TestBothHalvesAgree(t *testing.T) {
	t.Parallel()
	if !pgtest.Wanted() {
		t.Log("not tested: PostgreSQL")
		return
	}
	columns := func(db *sql.DB, engine migrations.Engine, query string) []string {
		m, err := migrations.New(db, engine, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		rows, err := db.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		var list []string
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				t.Fatal(err)
			}
			list = append(list, s)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(list)
		return list
	}
	pg := columns(open(t, "pgx", pgtest.URL(t)), migrations.Postgres,
		`SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE 'goose%'`)
	lite := columns(open(t, "sqlite", filepath.Join(t.TempDir(), "m.db")), migrations.SQLite,
		`SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'goose%' AND t.name NOT LIKE 'sqlite%'`)
	if diff := cmp.Diff(pg, lite); diff != "" {
		t.Errorf("columns (-PostgreSQL +SQLite):\n%s", diff)
	}
}

func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	if !pgtest.Wanted() {
		t.Log("not tested: PostgreSQL")
		return
	}
	url := pgtest.URL(t)
	failed := make(chan error, 4)
	for range cap(failed) {
		go func() {
			db, err := sql.Open("pgx", url)
			if err != nil {
				failed <- err
				return
			}
			defer func() { _ = db.Close() }()
			m, err := migrations.New(db, migrations.Postgres, nil)
			if err == nil {
				_, err = m.Up(t.Context())
			}
			failed <- err
		}()
	}
	for range cap(failed) {
		if err := <-failed; err != nil {
			t.Errorf("migrate beside others: %v", err)
		}
	}
}
