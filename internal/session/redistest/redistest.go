// Package redistest gives tests a real Redis: the server of TEST_REDIS_URL,
// else a throwaway one from the machine's own redis-server. It is for tests
// only.
package redistest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Wanted reports whether a real Redis is to be tested. Only
// TSUNAGU_TEST_ENGINES=sqlite leaves it out.
func Wanted() bool { return os.Getenv("TSUNAGU_TEST_ENGINES") != "sqlite" }

// URL returns the address of a Redis. Tests may share it: they use keys of
// their own.
func URL(t testing.TB) string {
	t.Helper()
	if url := os.Getenv("TEST_REDIS_URL"); url != "" {
		return url
	}
	return Start(t, FreePort(t)).URL
}

// Server is a Redis of one test's own.
type Server struct {
	URL  string
	stop func()
}

// Start runs a Redis on a port until the test ends or Stop.
func Start(t testing.TB, port int) *Server {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal("no Redis to test with: set TEST_REDIS_URL, install redis-server (Debian: apt-get install redis-server), or leave it out with TSUNAGU_TEST_ENGINES=sqlite")
	}
	command := exec.Command(path, "--port", fmt.Sprint(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir()) //nolint:gosec // the machine's own redis-server
	if err := command.Start(); err != nil {
		t.Fatalf("start redis-server: %v", err)
	}
	stopped := false
	s := &Server{URL: fmt.Sprintf("redis://127.0.0.1:%d/0", port)}
	s.stop = func() {
		if stopped {
			return
		}
		stopped = true
		_ = command.Process.Kill()
		_ = command.Wait()
	}
	t.Cleanup(s.stop)
	s.await(t)
	return s
}

// Stop kills the server.
func (s *Server) Stop() { s.stop() }

func (s *Server) await(t testing.TB) {
	t.Helper()
	options, err := redis.ParseURL(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	defer func() { _ = client.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for {
		err := client.Ping(ctx).Err()
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("redis-server does not answer: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// FreePort returns a port nobody listens on.
func FreePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}
