// Command tsunagu is the front door of a city's welfare inside LINE, with a
// staff desk in Slack. See README.md, or run "tsunagu help".
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Exit codes, relied on by scripts.
const (
	exitOK     = 0
	exitFailed = 1 // the thing checked failed
	exitUsage  = 2 // wrong usage or configuration
)

// streams are the process's, so that tests can give others.
type streams struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr, os.Getenv}))
}

// run finds the command and runs it.
func run(ctx context.Context, args []string, s streams) int {
	if len(args) > 1 && args[0] == "help" {
		args = []string{args[1], "--help"}
	}
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		usage(s.out)
		if len(args) == 0 {
			return exitUsage
		}
		return exitOK
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return finish(c, c.run(ctx, args[1:], s), s)
		}
	}
	_, _ = fmt.Fprintf(s.err, "tsunagu: there is no command %q; \"tsunagu help\" lists them\n", args[0])
	return exitUsage
}

// usageError is a wrong flag, argument or variable: exit code 2.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func wrongUsage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// errFailed means that the command has said itself what failed.
var errFailed = errors.New("failed")

func finish(c command, err error, s streams) int {
	var usage usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errFailed):
		return exitFailed
	case errors.As(err, &usage):
		_, _ = fmt.Fprintf(s.err, "tsunagu %s: %s\n", c.name, oneLine(err))
		return exitUsage
	default:
		_, _ = fmt.Fprintf(s.err, "tsunagu %s: %s\n", c.name, oneLine(err))
		return exitFailed
	}
}

// oneLine is an error on one line: drivers and joined errors use several.
func oneLine(err error) string {
	var all strings.Builder
	for line := range strings.Lines(err.Error()) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			continue
		case strings.HasSuffix(all.String(), ":"):
			all.WriteString(" ")
		case all.Len() > 0:
			all.WriteString("; ")
		}
		all.WriteString(line)
	}
	return all.String()
}
