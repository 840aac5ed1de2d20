package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWrongArguments holds every mistake on the command line to exit code 2
// and one line that names it.
func TestWrongArguments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ args, says string }{
		{"ask --nonsense", "tsunagu ask --help"},
		{"ask text --nonsense", "nonsense"},
		{"ask --json=maybe text", "maybe"},
		{"ask --jsonl text", "--jsonl"},
		{"ask --json --jsonl", "--jsonl"},
		{"chat extra", "extra"},
		{"demo extra", "extra"},
		{"doctor extra", "extra"},
		{"bench extra", "extra"},
		{"bench --duration x", "-duration"},
		{"train a b", `"b"`},
		{"migrate up down", `"down"`},
		{"pack", "new, import, lessons"},
		{"pack nonsense", "new, import, lessons"},
		{"pack new --nonsense", "tsunagu pack new --help"},
		{"eval --json intents file", "comes first"},
		{"eval classify --train a --test b extra", "extra"},
		{"eval retrieval --pairs a --queries b extra", "extra"},
		{"report extra", "extra"},
		{"report --format pdf", "html, csv and json"},
		{"report --from 2026-09-15", "write 2026-09"},
		{"report --to 2026-09-15", "write 2026-09"},
		{"report --from 2999-01", "not over yet"},
		{"report --from 2026-03 --to 2026-01", "exchange the two"},
		{"report --from 2020-01 --to 2026-01", "at most 24"},
		{"report --from last", "2026-10"},
		{"help nonsense", "nonsense"},
	} {
		code, out, errs := cli(t, nil, "", strings.Fields(c.args)...)
		if code != exitUsage || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, c.says) {
			t.Errorf("%s: code %d, printed %q, said %q; want 2 and one line naming %q", c.args, code, out, errs, c.says)
		}
	}
}

// TestFlagsAfterArguments reads them as the contract writes them: "eval
// intents FILE", with --json for figures.
func TestFlagsAfterArguments(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "text.txt")
	if err := os.WriteFile(file, []byte("しごとを さがして います。\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, out, errs := cli(t, nil, "", "easy", file, "--json"); !strings.HasPrefix(out, "{") {
		t.Errorf("easy FILE --json printed %q, said %q; want an object", out, errs)
	}
	if _, out, errs := cli(t, nil, "", "ask", "家賃が払えない", "--json"); !strings.HasPrefix(out, "{") {
		t.Errorf("ask TEXT --json printed %q, said %q; want an object", out, errs)
	}
	if _, out, errs := cli(t, nil, "", "ask", "--", "家賃", "--json"); strings.HasPrefix(out, "{") || errs != "" {
		t.Errorf("ask -- TEXT --json printed %q, said %q; want --json to be text", out, errs)
	}
	for _, args := range [][]string{{"migrate", "up", "--help"}, {"help", "ask"}, {"pack", "new", "--help"}} {
		if code, _, errs := cli(t, nil, "", args...); code != exitOK || !strings.Contains(errs, "Usage: tsunagu "+args[0]) && !strings.Contains(errs, "Usage: tsunagu ask") {
			t.Errorf("%v: code %d, said %q; want help", args, code, errs)
		}
	}
}
