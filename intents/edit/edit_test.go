package edit_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/edit"
)

// TestShippedPack reads every YAML file of the pack; Parse itself compares
// each value with what the YAML library reads.
func TestShippedPack(t *testing.T) {
	t.Parallel()
	n := 0
	err := fs.WalkDir(intents.Embedded(), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		b, err := fs.ReadFile(intents.Embedded(), path)
		if err != nil {
			return err
		}
		n++
		if _, err := edit.Parse(string(b)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		return nil
	})
	if err != nil || n < 60 {
		t.Errorf("read %d files, want all of them; %v", n, err)
	}
}
