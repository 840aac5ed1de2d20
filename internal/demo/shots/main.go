// Command shots takes the pictures of the README and of the staff's guide: it
// opens a running demo in a headless Chromium, plays conversations, and writes
// PNG files.
//
//	go run ./internal/demo/shots [-url http://127.0.0.1:8800] [-out docs/pictures] [-languages]
//
// Without -url it starts "tsunagu demo" itself and stops it afterwards.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/demo/browser"
)

func main() {
	url := flag.String("url", "", "a running demo; empty: start one")
	only := flag.Bool("languages", false, "only the pictures in each language")
	out := flag.String("out", filepath.Join("docs", "pictures"), "folder for the pictures")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *url, *out, *only)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "shots:", err)
		os.Exit(1)
	}
}

// run takes all pictures within eight minutes.
func run(ctx context.Context, url, out string, languages bool) error {
	ctx, cancel := context.WithTimeout(ctx, 8*time.Minute)
	defer cancel()
	if _, err := browser.Find(); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o750); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	plays := []func(*browser.Page, string, string) error{takeAll, takeWalk}
	if languages {
		plays = plays[:0]
		plays = append(plays, takeLanguages)
	}
	for _, play := range plays {
		if err := onStage(ctx, url, out, play); err != nil {
			return err
		}
	}
	return nil
}

// onStage plays something in a browser of its own, and in a demo of its own
// unless one is given.
func onStage(ctx context.Context, url, out string, play func(p *browser.Page, url, out string) error) error {
	if url == "" {
		var stop func()
		var err error
		if url, stop, err = startDemo(ctx); err != nil {
			return err
		}
		defer stop()
	}
	p, err := browser.Open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	return play(p, url, out)
}

// freePort is an address for the demo. It is known before the demo starts,
// because the bot tells it to residents.
func freePort() string {
	l, err := net.Listen("tcp", "127.0.0.1:8800")
	if err != nil {
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return "127.0.0.1:8800" // the demo tells what is wrong
		}
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

var address = regexp.MustCompile(`http://[0-9.:]+`)

// startDemo builds the program, runs "tsunagu demo" on a free port and returns
// its address. It is built first, because a program under "go run" does not
// hear that it should stop.
func startDemo(ctx context.Context) (url string, stop func(), err error) {
	dir, err := os.MkdirTemp("", "tsunagu-shots")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder: %w", err)
	}
	program := filepath.Join(dir, "tsunagu")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/tsunagu") //nolint:gosec // our own program
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return "", nil, errors.Join(fmt.Errorf("build tsunagu (run this at the root of the repository): %w", err), os.RemoveAll(dir))
	}
	cmd := exec.CommandContext(ctx, program, "demo", "--addr", freePort()) //nolint:gosec // our own program
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	printed, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("start the demo: %w", err), os.RemoveAll(dir))
	}
	stop = func() {
		_ = cmd.Process.Signal(os.Interrupt)
		kill := time.AfterFunc(5*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		kill.Stop()
		_ = os.RemoveAll(dir)
	}
	lines := bufio.NewScanner(printed)
	for lines.Scan() {
		if url = address.FindString(lines.Text()); url != "" {
			return url, stop, nil
		}
	}
	stop()
	return "", nil, errors.New("the demo did not tell its address")
}
