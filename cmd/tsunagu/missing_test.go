package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWrongFiles gives each command a file or folder that is not there, is
// empty, or is of the other kind: exit code 2 and one line that names it.
func TestWrongFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"ask", "--pack", "/no/such", "家賃"}, {"ask", "--pack", empty, "家賃"},
		{"chat", "--pack", "/no/such"}, {"chat", "--script", dir}, {"chat", "--script", "/no/such"},
		{"train", "/no/such"}, {"train", empty},
		{"check", "/no/such"}, {"check", empty},
		{"easy", "/no/such"}, {"easy", dir}, {"easy", empty}, {"easy", "--pack", "/no/such", empty},
		{"eval", "--pack", "/no/such"}, {"eval", "intents", "/no/such"}, {"eval", "intents", dir}, {"eval", "intents", empty},
		{"eval", "classify", "--train", empty, "--test", "/no/such"}, {"eval", "classify", "--train", "/no/such", "--test", empty},
		{"eval", "retrieval", "--pairs", "/no/such", "--queries", empty}, {"eval", "retrieval", "--pairs", empty, "--queries", "/no/such"},
		{"pack", "import", "/no/such"},
	} {
		code, _, errs := cli(t, nil, "", args...)
		named := strings.Contains(errs, "/no/such") || strings.Contains(errs, dir)
		if code != exitUsage || strings.Count(errs, "\n") != 1 || !named {
			t.Errorf("%v: code %d, said %q; want 2 and one line naming the file", args, code, errs)
		}
	}
	if code, out, errs := cli(t, map[string]string{"INTENTS_DIR": empty}, "", "check"); code != exitUsage || out != "" || strings.Count(errs, "\n") != 1 {
		t.Errorf("check in INTENTS_DIR: code %d, said %q; want 2 and one line", code, errs)
	}
}

// TestOneLineOfError holds what a database driver says to one line.
func TestOneLineOfError(t *testing.T) {
	t.Parallel()
	code, _, errs := cli(t, map[string]string{"DATABASE_URL": "postgres://u:word@127.0.0.1:1/x"}, "", "migrate", "up")
	if code != exitFailed || strings.Count(errs, "\n") != 1 || strings.Contains(errs, "word") {
		t.Errorf("code %d, said %q; want 1 and one line without the password", code, errs)
	}
}
