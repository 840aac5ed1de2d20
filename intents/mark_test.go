package intents_test

import (
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/check"
)

// TestByteOrderMark reads a pack as an editor on Windows leaves it.
func TestByteOrderMark(t *testing.T) {
	t.Parallel()
	all := fstest.MapFS{}
	err := fs.WalkDir(intents.Embedded(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(intents.Embedded(), name)
		all[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"city.yaml", "hotlines.yaml", "windows/housing.yaml", "replies/ja.yaml"} {
		all[name].Data = append([]byte("\ufeff"), all[name].Data...)
	}
	if _, problems, err := intents.Load(all); err != nil {
		t.Errorf("got %v %v, want a pack", err, problems)
	}
	now := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	want, got := check.Pack(intents.Embedded(), check.Options{Now: now}), check.Pack(all, check.Options{Now: now})
	if got.Errors() != want.Errors() {
		t.Errorf("got %d errors, want %d as without marks", got.Errors(), want.Errors())
	}
}
