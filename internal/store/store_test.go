package store_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/seal"
	"github.com/tsunagu-chat/tsunagu/internal/store"
	"github.com/tsunagu-chat/tsunagu/internal/store/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// clock is a time that only tests move, or the real one.
type clock struct {
	mu   sync.Mutex
	t    time.Time
	real bool
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.real {
		return time.Now()
	}
	return c.t
}

func (c *clock) run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.real = true
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// bundle is a store on an empty database.
type bundle struct {
	*store.Store
	clock *clock
	url   string
	seal  *seal.Seal
}

func open(t testing.TB, url string, s *seal.Seal) *bundle {
	t.Helper()
	b := &bundle{clock: &clock{t: time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)}, url: url, seal: s}
	var err error
	b.Store, err = store.Open(context.Background(), store.Config{URL: url, Seal: s, Migrate: true, Now: b.clock.now})
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return b
}

func newSeal(t testing.TB, keys ...[]byte) *seal.Seal {
	t.Helper()
	if len(keys) == 0 {
		keys = [][]byte{seal.NewKey()}
	}
	s, err := seal.New(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// onEach runs a test on both engines, each time on an empty database.
func onEach(t *testing.T, test func(t *testing.T, b *bundle)) {
	t.Helper()
	for name, url := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t, url(t), newSeal(t)))
		})
	}
}

func engines() map[string]func(testing.TB) string {
	all := map[string]func(testing.TB) string{
		"sqlite": func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "data", "tsunagu.db") },
	}
	if pgtest.Wanted() {
		all["postgres"] = pgtest.URL
	}
	return all
}
