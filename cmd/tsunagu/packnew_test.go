package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/check"
)

// TestPackNew begins a pack: it says nothing of the old city, lists all that
// it needs, and is sound once that is written.
func TestPackNew(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "kunitachi")
	code, out := tsunagu(t, "pack", "new", "--dir", dir, "国立市")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, out)
	}
	list, err := os.ReadFile(filepath.Join(dir, "TODO.md"))
	if err != nil || string(list) != out {
		t.Errorf("TODO.md is not what was printed: %v", err)
	}
	for _, old := range []string{"立川", "Tachikawa", "다치카와", "柴崎町", "042-"} {
		for _, folder := range []string{".", "windows", "replies", "forms"} {
			names, _ := filepath.Glob(filepath.Join(dir, folder, "*.yaml"))
			for _, name := range names {
				if b, _ := os.ReadFile(name); strings.Contains(string(b), old) && filepath.Base(name) != "says.yaml" {
					t.Errorf("%s still says %s", name, old)
				}
			}
		}
	}
	report := check.Pack(os.DirFS(dir), check.Options{Now: time.Now(), Live: true})
	for _, f := range report.Findings {
		if f.Level != check.Note && !strings.Contains(out, "- [ ] "+f.String()+"\n") {
			t.Errorf("not listed: %s", f)
		}
	}
	if c := report.Pack.Content; len(c.Towns)+len(c.Shelters)+len(c.Opportunities) > 0 {
		t.Error("the new pack knows towns, shelters or opportunities")
	}
	for _, w := range report.Pack.Content.Windows {
		if len(w.Contacts)+len(w.Places)+len(w.Outreach) > 0 || w.Serves != nil || w.Hours != nil || w.After != nil || w.Reviewed != "no" {
			t.Errorf("the window %s keeps facts of another city", w.ID)
		}
	}
	if report.Errors() == 0 {
		t.Error("a pack nobody wrote anything into is taken as sound")
	}

	write(t, dir)
	for _, f := range check.Pack(os.DirFS(dir), check.Options{Now: time.Now()}).Findings {
		if f.Level == check.Error {
			t.Errorf("all is written, and still: %s", f)
		}
	}
	if _, problems, err := intents.Load(os.DirFS(dir)); err != nil {
		t.Errorf("the pack does not load: %v %v", err, problems)
	}
	for name, args := range map[string][]string{"no city": {"pack", "new"}, "a path": {"pack", "new", "a/b"}, "not empty": {"pack", "new", "--dir", dir, "国立市"}} {
		if code, out := tsunagu(t, args...); code != exitUsage {
			t.Errorf("%s: exit %d, want %d: %s", name, code, exitUsage, out)
		}
	}
}

// write does what the list asks for, as somebody in that city would.
func write(t *testing.T, dir string) {
	t.Helper()
	six := "{ja: 国立市, ja-easy: 国立市（くにたちし）, en: Kunitachi, zh: 国立市, ko: 구니타치시, vi: Kunitachi}"
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		b, err := os.ReadFile(path)
		text := strings.NewReplacer("（TODO）", "（くにたちし）", "TODO", "Kunitachi").Replace(string(b))
		switch filepath.Base(path) {
		case "city.yaml":
			text = strings.NewReplacer("name: {}", "name: "+six, "office: {}", "office: "+six, "answer: {}", "answer: {ja: きょう 答えます。, ja-easy: きょう 答（こた）えます。, en: Today., zh: 今天。, ko: 오늘 답합니다., vi: Hôm nay.}",
				"week: {}", `week: {mon: [{from: "08:30", to: "17:00"}]}`).Replace(text)
		case "towns.yaml":
			text = strings.Replace(text, "[]", "- {id: 東, kana: ひがし, romaji: Higashi, area: 全市, chome: unknown}", 1)
		case "areas.yaml":
			text = strings.Replace(text, "[]", "- {id: 全市, name: "+six+`, source: 見本, verified: "no"}`, 1)
		}
		return errors.Join(err, os.WriteFile(path, []byte(text), 0o600))
	})
	if err != nil {
		t.Fatal(err)
	}
}
