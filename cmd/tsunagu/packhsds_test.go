package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPackHSDS(t *testing.T) {
	t.Parallel()
	dir := packFolder(t)
	code, said := tsunagu(t, "pack", "hsds", "--dir", dir)
	var all map[string][]map[string]any
	if err := json.Unmarshal([]byte(said), &all); code != exitOK || err != nil || len(all["service"]) < 40 || len(all["organization"]) != 1 {
		t.Fatalf("JSON: exit %d, %v, %d services", code, err, len(all["service"]))
	}
	if strings.Contains(said, "042-") {
		t.Error("a number nobody has verified is told")
	}
	out := filepath.Join(t.TempDir(), "hsds")
	if code, said = tsunagu(t, "pack", "hsds", "--dir", dir, "--out", out); code != exitOK {
		t.Fatalf("exit %d, said %s", code, said)
	}
	for _, name := range []string{"datapackage.json", "services.csv", "phones.csv", "required_documents.csv"} {
		if _, err := os.Stat(filepath.Join(out, name)); err != nil {
			t.Error(err)
		}
	}
	if code, _ = tsunagu(t, "pack", "hsds", "--dir", t.TempDir()); code != exitFailed {
		t.Errorf("a folder that is no pack: exit %d, want %d", code, exitFailed)
	}
}
