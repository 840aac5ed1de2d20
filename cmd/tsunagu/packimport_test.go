package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/intents"
)

// packFolder is a copy of the shipped pack.
func packFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, intents.Embedded()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// tsunagu runs a command and returns its exit code and all it said.
func tsunagu(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := run(t.Context(), args, streams{strings.NewReader(""), &out, &out, func(string) string { return "" }})
	return code, out.String()
}

func TestPackImport(t *testing.T) {
	t.Parallel()
	dir := packFolder(t)
	file := filepath.Join(t.TempDir(), "hinan.csv")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list := func() string {
		b, err := os.ReadFile(filepath.Join(dir, "shelters.csv"))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	before := list()

	write("\ufeffID,名称,所在地_連結表記,想定収容人数\n0001,見本小学校,見本町1,約500人\n")
	code, out := tsunagu(t, "pack", "import", "--dir", dir, file)
	if code != exitOK || !strings.Contains(out, "+ 見本小学校 (ID 1)") || !strings.Contains(out, "Nothing was written") || list() != before {
		t.Fatalf("dry run: exit %d, wrote %v, said:\n%s", code, list() != before, out)
	}
	if code, out = tsunagu(t, "pack", "import", "--dir", dir, "--write", file); code != exitUsage || list() != before {
		t.Errorf("without a source: exit %d, said %s", code, out)
	}
	if code, out = tsunagu(t, "pack", "import", "--dir", dir, "--write", "--source", "見本", "--verified", "2026-11-20", file); code != exitOK {
		t.Fatalf("write: exit %d, said:\n%s", code, out)
	}
	pack, problems, err := intents.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err, problems)
	}
	c := pack.Content
	if len(c.Shelters) != 1 || c.Shelters[0].Capacity != 500 || !c.Lists.Shelters.Known() || c.Lists.Shelters.Source != "見本" || c.Lists.Facilities.Known() {
		t.Errorf("the pack has %+v from %+v", c.Shelters, c.Lists)
	}
	write("ID,名称,所在地_連結表記,想定収容人数\n1,見本小学校,見本町9,500\n")
	if _, out = tsunagu(t, "pack", "import", "--dir", dir, file); !strings.Contains(out, `所在地_連結表記: "見本町1" → "見本町9"`) || !strings.Contains(out, "1 ids had lost") {
		t.Errorf("a changed row: said\n%s", out)
	}
	write("ID,名称,所在地_連結表記,緯度\n1,見本小学校,見本町9,999\n")
	if code, out = tsunagu(t, "pack", "import", "--dir", dir, "--write", "--source", "x", file); code != exitFailed || !strings.Contains(out, "hinan.csv:2: error: 緯度") {
		t.Errorf("a bad cell: exit %d, said\n%s", code, out)
	}
	for name, args := range map[string][]string{
		"no file": {"pack", "import"}, "no word": {"pack"}, "bad day": {"pack", "import", "--verified", "soon", file}, "no pack": {"pack", "import", "--dir", t.TempDir(), file},
	} {
		if code, out := tsunagu(t, args...); code != exitUsage {
			t.Errorf("%s: exit %d, want %d; said %s", name, code, exitUsage, out)
		}
	}
}
