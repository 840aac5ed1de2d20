package session_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/tsunagu-chat/tsunagu/internal/seal"
	"github.com/tsunagu-chat/tsunagu/internal/session"
	"github.com/tsunagu-chat/tsunagu/internal/session/redistest"
)

func newSeal(t testing.TB) *seal.Seal {
	t.Helper()
	s, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func open(t testing.TB, cfg session.Config) *session.Session {
	t.Helper()
	s, err := session.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// onEach runs a test on a real Redis and on the embedded one.
func onEach(t *testing.T, test func(t *testing.T, s *session.Session)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, session.Config{Seal: newSeal(t), Timeout: 5 * time.Second}))
	})
	if redistest.Wanted() {
		t.Run("redis", func(t *testing.T) {
			t.Parallel()
			test(t, open(t, session.Config{URL: redistest.URL(t), Seal: newSeal(t), Timeout: 5 * time.Second}))
		})
	}
}

func name() string { return "r-" + strings.ToLower(rand.Text()) }

func wantState(t *testing.T, s *session.Session, resident string, number int64, state string) {
	t.Helper()
	n, got, ok, err := s.Load(t.Context(), resident)
	if err != nil || !ok || n != number || string(got) != state {
		t.Fatalf("load: got %d, %q, %v, %v; want %d, %q", n, got, ok, err, number, state)
	}
}

func wantNothing(t *testing.T, s *session.Session, resident string) {
	t.Helper()
	if n, got, ok, err := s.Load(t.Context(), resident); ok || err != nil {
		t.Fatalf("load: got %d, %q, %v, %v; want nothing", n, got, ok, err)
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *session.Session) {
		ctx, r := t.Context(), name()
		wantNothing(t, s, r)
		for _, turn := range []struct {
			number int64
			state  string
			want   int64
			left   string
		}{
			{9, "九", 9, "九"},
			{10, "十", 10, "十"}, // not compared as text
			{9, "九", 10, "十"},  // never back
			{10, "十a", 10, "十a"},
			{1 << 52, "large", 1 << 52, "large"},
		} {
			if err := s.Save(ctx, r, turn.number, []byte(turn.state), time.Minute); err != nil {
				t.Fatal(err)
			}
			wantState(t, s, r, turn.want, turn.left)
		}
		if err := s.Forget(ctx, r); err != nil {
			t.Fatal(err)
		}
		wantNothing(t, s, r)
	})
}

// TestErasedStaysErased: a turn saved too late does not bring words back, and
// the next conversation is not held up.
func TestErasedStaysErased(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *session.Session) {
		ctx, r := t.Context(), name()
		if err := s.Save(ctx, r, 7, []byte("words"), time.Minute); err != nil {
			t.Fatal(err)
		}
		if err := s.Erase(ctx, r); err != nil {
			t.Fatal(err)
		}
		wantNothing(t, s, r)
		if err := s.Save(ctx, r, 8, []byte("words"), time.Minute); err != nil {
			t.Fatal(err)
		}
		wantNothing(t, s, r)
		if err := s.Forget(ctx, r); err != nil { // as time does
			t.Fatal(err)
		}
		if err := s.Save(ctx, r, 1, []byte("new"), time.Minute); err != nil {
			t.Fatal(err)
		}
		wantState(t, s, r, 1, "new")
	})
}

func TestStateExpires(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *session.Session) {
		r := name()
		if err := s.Save(t.Context(), r, 1, []byte("x"), 300*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		wantState(t, s, r, 1, "x")
		time.Sleep(400 * time.Millisecond)
		wantNothing(t, s, r)
	})
}

func TestSaveAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *session.Session) {
		r := name()
		var wait sync.WaitGroup
		for n := int64(1); n <= 50; n++ {
			wait.Go(func() {
				if err := s.Save(context.Background(), r, n, []byte("state"), time.Minute); err != nil {
					t.Errorf("save %d: %v", n, err)
				}
			})
		}
		wait.Wait()
		wantState(t, s, r, 50, "state")
	})
}

func TestAllow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *session.Session) {
		ctx, key := t.Context(), name()
		for i := range 5 {
			ok, err := s.Allow(ctx, key, 3, 500*time.Millisecond)
			if err != nil || ok != (i < 3) {
				t.Fatalf("time %d: got %v, %v; want %v", i+1, ok, err, i < 3)
			}
		}
		if ok, err := s.Allow(ctx, name(), 3, time.Minute); !ok || err != nil {
			t.Errorf("somebody else: got %v, %v; want allowed", ok, err)
		}
		time.Sleep(600 * time.Millisecond)
		if ok, err := s.Allow(ctx, key, 3, time.Minute); !ok || err != nil {
			t.Errorf("next period: got %v, %v; want allowed", ok, err)
		}
	})
}

func TestWordsAreSealed(t *testing.T) {
	t.Parallel()
	if !redistest.Wanted() {
		t.Log("not tested: real Redis")
		return
	}
	url, r := redistest.URL(t), name()
	s := open(t, session.Config{URL: url, Seal: newSeal(t), Timeout: 5 * time.Second})
	if err := s.Save(t.Context(), r, 3, []byte("母の物忘れ"), time.Minute); err != nil {
		t.Fatal(err)
	}
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	raw, err := client.HGet(t.Context(), "tsunagu:{"+r+"}:state", "s").Bytes()
	if err != nil || len(raw) == 0 || bytes.Contains(raw, []byte("母")) {
		t.Fatalf("kept: got %q, %v; want something sealed", raw, err)
	}
	// Put under a later turn's number it must not open.
	if err := client.HSet(t.Context(), "tsunagu:{"+r+"}:state", "n", 4).Err(); err != nil {
		t.Fatal(err)
	}
	if _, _, ok, err := s.Load(t.Context(), r); ok || !errors.Is(err, seal.ErrOpen) {
		t.Errorf("altered number: got %v, %v; want %v", ok, err, seal.ErrOpen)
	}
	// Another installation's key does not open it either, and says so.
	other := open(t, session.Config{URL: url, Seal: newSeal(t), Timeout: 5 * time.Second})
	if _, _, ok, err := other.Load(t.Context(), r); ok || !errors.Is(err, seal.ErrOpen) {
		t.Errorf("other key: got %v, %v; want %v", ok, err, seal.ErrOpen)
	}
}

func TestDeadRedisSlowsNobody(t *testing.T) {
	t.Parallel()
	// It accepts and never answers: the worst kind of dead.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(io.Discard, c) }()
		}
	}()
	s := open(t, session.Config{URL: "redis://" + l.Addr().String(), Seal: newSeal(t), Rest: time.Minute})
	began := time.Now()
	for range 1000 {
		if _, _, ok, err := s.Load(t.Context(), "r-a"); ok || err == nil {
			t.Fatalf("load from a dead Redis: got %v, %v; want an error", ok, err)
		}
		if ok, err := s.Allow(t.Context(), "r-a", 1, time.Minute); !ok || err == nil {
			t.Fatalf("limit on a dead Redis: got %v, %v; want allowed, and the error", ok, err)
		}
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("2000 calls took %v, want only the first two to wait", took)
	}
	if err := s.Save(t.Context(), "r-a", 1, nil, time.Minute); !errors.Is(err, session.ErrResting) {
		t.Errorf("save: got %v, want %v", err, session.ErrResting)
	}
}

func TestRedisComesBack(t *testing.T) {
	t.Parallel()
	if !redistest.Wanted() {
		t.Log("not tested: real Redis")
		return
	}
	port := redistest.FreePort(t)
	server := redistest.Start(t, port)
	s := open(t, session.Config{URL: server.URL, Seal: newSeal(t), Rest: 50 * time.Millisecond, Timeout: 2 * time.Second})
	if err := s.Save(t.Context(), "r-a", 1, []byte("x"), time.Minute); err != nil {
		t.Fatal(err)
	}
	server.Stop()
	for range 3 {
		if _, _, _, err := s.Load(t.Context(), "r-a"); err == nil {
			t.Fatal("load from a stopped Redis: got no error")
		}
	}
	redistest.Start(t, port)
	deadline := time.Now().Add(10 * time.Second)
	for {
		if err := s.Save(t.Context(), "r-a", 2, []byte("y"), time.Minute); err == nil {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("Redis is back, and still: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	wantState(t, s, "r-a", 2, "y")
}

func TestCallerWhoGivesUpDoesNotBlowTheFuse(t *testing.T) {
	t.Parallel()
	s := open(t, session.Config{Seal: newSeal(t), Timeout: 5 * time.Second})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 10 {
		if err := s.Save(gone, "r-a", 1, nil, time.Minute); err == nil {
			t.Fatal("save for a caller who gave up: got no error")
		}
	}
	if err := s.Save(t.Context(), "r-a", 1, []byte("x"), time.Minute); err != nil {
		t.Errorf("next caller: got %v", err)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for url, fine := range map[string]bool{
		"redis://127.0.0.1:6379": true, "rediss://user:secret@redis.example:6380/2": true,
		"redis://a:1,redis://b:2": true, "http://a": false, "redis://user:secret@%zz": false, "redis://a:1,b:2": false,
	} {
		s, err := session.Open(session.Config{URL: url, Seal: newSeal(t)})
		if (err == nil) != fine {
			t.Errorf("%s: got %v, want fine %v", url, err, fine)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error tells the password: %v", url, err)
		}
		if s != nil {
			_ = s.Close()
		}
	}
	if _, err := session.Open(session.Config{}); err == nil {
		t.Error("open without a seal: got no error")
	}
}

func BenchmarkSession(b *testing.B) {
	kinds := map[string]string{"embedded": ""}
	if redistest.Wanted() {
		kinds["redis"] = redistest.URL(b)
	}
	for kind, url := range kinds {
		b.Run(kind, func(b *testing.B) {
			s := open(b, session.Config{URL: url, Seal: newSeal(b), Timeout: 5 * time.Second})
			state := bytes.Repeat([]byte("状態"), 100)
			n := int64(0)
			for b.Loop() {
				n++
				if err := s.Save(b.Context(), "r-bench", n, state, time.Minute); err != nil {
					b.Fatal(err)
				}
				if _, _, ok, err := s.Load(b.Context(), "r-bench"); !ok || err != nil {
					b.Fatal(ok, err)
				}
			}
		})
	}
}
