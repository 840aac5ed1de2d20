package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/internal/session/redistest"
	"github.com/tsunagu-chat/tsunagu/internal/store/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// engine is one way to keep things.
type engine struct {
	name     string
	database func(t *testing.T) string // an empty database
	redis    func(t *testing.T) string // "" for the one in process
}

func engines(t *testing.T) []engine {
	list := []engine{{
		name:     "sqlite",
		database: func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "test.db") },
		redis:    func(*testing.T) string { return "" },
	}}
	if pgtest.Wanted() {
		list = append(list, engine{
			name:     "postgres",
			database: func(t *testing.T) string { return pgtest.URL(t) },
			redis:    func(t *testing.T) string { return redistest.URL(t) },
		})
	} else {
		t.Log("PostgreSQL and Redis are left out (TSUNAGU_TEST_ENGINES)")
	}
	return list
}

// shippedPack is the embedded pack.
var shippedPack = sync.OnceValues(func() (*intents.Pack, error) { return openPack("", os.Stderr) })

// shipped is the bot of the embedded pack, loaded once for all tests.
var shipped = sync.OnceValues(func() (*bot.Bot, error) {
	p, err := shippedPack()
	if err != nil {
		return nil, err
	}
	m, err := openModel(p, "", os.Stderr)
	if err != nil {
		return nil, err
	}
	p.Content.City.Privacy = "https://tsunagu.example.jp/privacy" // as in bot/story_test.go
	return bot.New(p.Content, m), nil
})

// serve starts a service of this engine in the town.
func (e engine) serve(t *testing.T, tw *town) *running {
	t.Helper()
	b, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	p, err := shippedPack()
	if err != nil {
		t.Fatal(err)
	}
	o := townOptions{Database: e.database(t), Redis: e.redis(t), Log: quiet()}
	cfg, err := tw.config(o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newService(t.Context(), cfg, serviceOptions{Log: quiet(), Now: tw.clock.Now, Bot: b, Pack: p, Settle: 300 * time.Millisecond, Pace: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	r, err := start(context.WithoutCancel(t.Context()), s) // its caller stops it, also at the end of the test
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// flush loses the live state of a resident, as an emptied Redis does.
func (engine) flush(t *testing.T, r *running, user string) {
	t.Helper()
	if err := r.session.Forget(t.Context(), r.store.Pseudonym(user)); err != nil {
		t.Fatal(err)
	}
}

func quiet() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
}

// sharedEngine is the engine that several processes can share, with one
// database and one Redis for all of them. SQLite is one process's alone; that
// PostgreSQL was left out is named at the end of the test run.
func sharedEngine(t *testing.T) engine {
	t.Helper()
	list := engines(t)
	e := list[len(list)-1]
	if e.name == "sqlite" {
		t.Skip("several processes share PostgreSQL only")
	}
	database, redis := e.database(t), e.redis(t)
	return engine{name: e.name, database: func(*testing.T) string { return database }, redis: func(*testing.T) string { return redis }}
}
