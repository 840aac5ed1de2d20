// Package pgtest gives tests a real PostgreSQL: the server of
// TEST_DATABASE_URL, else a throwaway one from the machine's own binaries.
// Each test gets a schema of its own. It is for tests only.
//
// A package that uses it begins with
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

type server struct {
	once sync.Once
	url  string
	err  error
	stop func()
}

// Main runs a package's tests and stops the server they started.
func Main(m *testing.M) int {
	defer shared.close()
	return m.Run()
}

// shared is the one server of a test process: starting one a test would take
// seconds each.
var shared server

// Wanted reports whether PostgreSQL is to be tested. Only
// TSUNAGU_TEST_ENGINES=sqlite leaves it out; a missing server is a failure.
func Wanted() bool { return os.Getenv("TSUNAGU_TEST_ENGINES") != "sqlite" }

// URL returns the address of an empty schema, which is dropped after the test.
func URL(t testing.TB) string {
	t.Helper()
	base, err := shared.open()
	if err != nil {
		t.Fatalf("no PostgreSQL to test with: %v\nSet TEST_DATABASE_URL, install PostgreSQL (Debian: apt-get install postgresql), or leave it out with TSUNAGU_TEST_ENGINES=sqlite.", err)
	}
	schema := "t" + strings.ToLower(rand.Text())
	run(t, base, `CREATE SCHEMA `+schema)
	t.Cleanup(func() { run(t, base, `DROP SCHEMA `+schema+` CASCADE`) })
	u, err := url.Parse(base)
	if err != nil {
		t.Fatalf("TEST_DATABASE_URL: %v", err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

func run(t testing.TB, address, query string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatalf("reach PostgreSQL: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func (s *server) open() (string, error) {
	s.once.Do(func() {
		if s.url = os.Getenv("TEST_DATABASE_URL"); s.url == "" {
			s.url, s.stop, s.err = start()
		}
	})
	return s.url, s.err
}

func (s *server) close() {
	if s.stop != nil {
		s.stop()
	}
}

// start makes and runs a cluster in a temporary folder.
func start() (address string, stop func(), err error) {
	bin, err := binaries()
	if err != nil {
		return "", nil, err
	}
	dir, err := os.MkdirTemp("", "tsunagu-pg")
	if err != nil {
		return "", nil, err
	}
	remove := func() { _ = os.RemoveAll(dir) }
	defer func() {
		if err != nil {
			remove()
		}
	}()
	as, err := asOther(dir)
	if err != nil {
		return "", nil, err
	}
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	data := filepath.Join(dir, "data")
	command := func(name string, args ...string) error {
		c := exec.Command(as[0], slices.Concat(as[1:], []string{filepath.Join(bin, name)}, args)...) //nolint:gosec // the machine's own PostgreSQL
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", name, err, out)
		}
		return nil
	}
	if err := command("initdb", "-D", data, "-U", "tsunagu", "--auth=trust", "-E", "UTF8", "--locale=C"); err != nil {
		return "", nil, err
	}
	// The shell ends the server and removes its folder as soon as its input is
	// closed, which the kernel sees to even when the tests are killed.
	const guard = `dir=$0; "$@" >"$dir/log" 2>&1 </dev/null & server=$!; cat >/dev/null; kill -QUIT $server; wait $server; rm -rf "$dir"`
	c := exec.Command(as[0], slices.Concat(as[1:], []string{ //nolint:gosec // as above
		"sh", "-c", guard, dir, filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=" + dir, "-c", "max_connections=300",
	})...)
	c.Dir = "/"
	held, err := c.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	if err := c.Start(); err != nil {
		return "", nil, fmt.Errorf("start postgres: %w", err)
	}
	stop = func() {
		_ = held.Close()
		_ = c.Wait()
		remove()
	}
	address = fmt.Sprintf("postgres://tsunagu@127.0.0.1:%d/postgres?sslmode=disable", port)
	if err := await(address); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log")) //nolint:gosec // our own folder
		stop()
		return "", nil, fmt.Errorf("postgres does not answer: %w\n%s", err, log)
	}
	return address, stop, nil
}

// await waits until the server answers.
func await(address string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, address)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// binaries finds the newest PostgreSQL of the machine.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		return n
	}
	slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
	if len(found) > 0 {
		return filepath.Dir(found[0]), nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", errors.New("initdb is neither in /usr/lib/postgresql nor in PATH")
}

// asOther returns how to run PostgreSQL as somebody else when we are root,
// which it refuses, and gives that user the folder.
func asOther(dir string) ([]string, error) {
	if os.Geteuid() != 0 {
		return []string{"env"}, nil
	}
	for _, user := range []string{"postgres", "nobody"} {
		if exec.Command("id", "-u", user).Run() != nil { //nolint:gosec // one of two names
			continue
		}
		if out, err := exec.Command("chown", user, dir).CombinedOutput(); err != nil { //nolint:gosec // as above
			return nil, fmt.Errorf("chown: %w: %s", err, out)
		}
		return []string{"runuser", "-u", user, "--"}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody")
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}
