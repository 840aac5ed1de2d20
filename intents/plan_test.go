package intents_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tsunagu-chat/tsunagu/intents"
)

// changed is the embedded pack with one text in plan.yaml replaced.
func changed(t *testing.T, old, with string) fs.FS {
	t.Helper()
	pack := fstest.MapFS{}
	err := fs.WalkDir(intents.Embedded(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(intents.Embedded(), name)
		if name == "plan.yaml" {
			if !strings.Contains(string(b), old) {
				t.Fatalf("plan.yaml has no %q to change", old)
			}
			b = []byte(strings.Replace(string(b), old, with, 1))
		}
		pack[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

// TestBrokenPlan refuses a plan in which the dialogue would get lost.
func TestBrokenPlan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, with, want string }{
		"unknown window":  {"      - general-consult\n", "      - nowhere\n", `S01 names the window "nowhere"`},
		"no window":       {"    windows:\n      - general-consult\n      - group-support\n", "    windows: []\n", "S01 names no window"},
		"unknown theme":   {"theme: teams", "theme: nothing", `S01 has the theme "nothing"`},
		"unknown goal":    {"    goal: \"1\"\n", "    goal: \"9\"\n", `theme teams belongs to goal "9"`},
		"twice the same":  {"id: S02", "id: S01", "S01 stands there twice"},
		"a key mistyped":  {"windows:", "window:", "window"},
		"a file not YAML": {"initiatives:\n", "initiatives: [\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems, err := intents.Load(changed(t, c.old, c.with))
			if !errors.Is(err, intents.ErrBroken) {
				t.Fatalf("got %v, want ErrBroken", err)
			}
			var texts []string
			for _, p := range problems {
				texts = append(texts, p.String())
			}
			if all := strings.Join(texts, "\n"); !strings.Contains(all, "plan.yaml") || !strings.Contains(all, c.want) {
				t.Errorf("got %s, want plan.yaml and %q", all, c.want)
			}
		})
	}
}
