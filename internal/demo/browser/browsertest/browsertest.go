// Package browsertest gives tests a Chromium. It is for tests only.
package browsertest

import (
	"errors"
	"os"
	"testing"

	"github.com/tsunagu-chat/tsunagu/internal/demo/browser"
)

// Open opens a page until the test ends. Without Chromium the test is left out,
// and the summary of the whole run (scripts/test) says so: what was not done
// otherwise stands there as done.
func Open(t *testing.T, what string) *browser.Page {
	t.Helper()
	p, err := browser.Open(t.Context())
	if errors.Is(err, browser.ErrMissing) {
		note(t, "Chromium    NO: not done in a browser: "+what+" ("+err.Error()+")\n")
		t.Skip("LEFT OUT: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	note(t, "Chromium    yes: done in it: "+what+"\n")
	return p
}

// note leaves a line for that summary.
func note(t *testing.T, line string) {
	t.Helper()
	path := os.Getenv("TSUNAGU_TEST_NOTES")
	if path == "" {
		return
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // the run that is summed up names it
	if err != nil {
		t.Error(err)
		return
	}
	if _, err := f.WriteString(line); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}
