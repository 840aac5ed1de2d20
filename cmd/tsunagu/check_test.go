package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckCommand(t *testing.T) {
	t.Parallel()
	dir := packFolder(t)
	code, out := tsunagu(t, "check", dir)
	if code != exitOK || !strings.Contains(out, dir+": 0 errors") {
		t.Errorf("the shipped pack: exit %d, said %s", code, out)
	}
	code, out = tsunagu(t, "check", "--live", "--quick", dir)
	if code != exitFailed || !strings.Contains(out, "== To ask the team rights") || !strings.Contains(out, filepath.Join(dir, "windows", "dv.yaml")+":") ||
		strings.Index(out, "the city office") > strings.Index(out, "the team child") {
		t.Errorf("--live: exit %d, said %.600s", code, out)
	}

	path := filepath.Join(dir, "windows", "dv.yaml")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(b), "\nteam:", "\nteem:", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out = tsunagu(t, "check", "--quick", dir)
	if code != exitFailed || !strings.Contains(out, path+":") || !strings.Contains(out, "did you mean team?") {
		t.Errorf("a broken pack: exit %d, said %s", code, out)
	}
	if code, out = tsunagu(t, "check", t.TempDir()); code != exitFailed || !strings.Contains(out, "city.yaml: the file cannot be read") {
		t.Errorf("an empty folder: exit %d, said %.300s", code, out)
	}
}

// TestCheckNeverTrains tells that nobody knows, instead of training for
// minutes, when the examples are new.
func TestCheckNeverTrains(t *testing.T) {
	t.Parallel()
	dir := smallPack(t)
	code, out := tsunagu(t, "check", dir)
	if code != exitOK || !strings.Contains(out, "tsunagu train") {
		t.Errorf("exit %d, said %s", code, out)
	}
}
