package sheet_test

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/check"
	"github.com/tsunagu-chat/tsunagu/intents/sheet"
	"github.com/tsunagu-chat/tsunagu/intents/workbook"
)

// small is the shipped pack with some of its windows and examples, and the
// beginnings of its long lists.
func small(t *testing.T) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(intents.Embedded(), ".", func(name string, d fs.DirEntry, err error) error {
		folder, file := path.Split(name)
		if err != nil || d.IsDir() || folder != "" && folder != "replies/" && folder != "forms/" && !slices.Contains([]string{"consumer", "dv", "foreigner", "housing", "legal", "self-reliance", "suicide"}, strings.TrimSuffix(file, path.Ext(file))) {
			return err
		}
		b, err := fs.ReadFile(intents.Embedded(), name)
		most := map[string]int{"cues.yaml": 40, "lexicon.yaml": 40, "says.yaml": 40, "wording.yaml": 40, "opportunities.yaml": 40, "forms/volunteer.yaml": 40, "hotlines.yaml": 92}[name]
		if folder == "replies/" || folder == "examples/" {
			most = 40
		}
		if lines := bytes.SplitAfter(b, []byte("\n")); most > 0 && len(lines) > most {
			b = bytes.Join(lines[:most], nil)
		}
		if name == "plan.yaml" {
			b = nil // it names windows that are left out
		}
		out[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func export(t *testing.T, dir fs.FS) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := sheet.Export(dir, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// book is an exported workbook somebody works in.
type book struct {
	t     *testing.T
	names []string
	rows  map[string][][]string
}

func open(t *testing.T, b []byte) *book {
	t.Helper()
	pages, err := workbook.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	out := &book{t: t, rows: map[string][][]string{}}
	for _, p := range pages {
		out.names = append(out.names, p.Name)
		for r := range p.Last + 1 {
			var row []string
			for c := range max(len(p.Rows[0]), 4) { // the cover's rows are longer than its heading
				row = append(row, p.At(r, c).Text)
			}
			out.rows[p.Name] = append(out.rows[p.Name], row)
		}
	}
	return out
}

func (b *book) column(name, head string) int {
	b.t.Helper()
	i := slices.Index(b.rows[name][0], head)
	if i < 0 {
		b.t.Fatalf("sheet %s has no column %s: %q", name, head, b.rows[name][0])
	}
	return i
}

// row finds the first row that has a text in some cell.
func (b *book) row(name, text string) int {
	b.t.Helper()
	for i, r := range b.rows[name] {
		if i > 1 && slices.Contains(r, text) {
			return i
		}
	}
	b.t.Fatalf("sheet %s has no row with %s", name, text)
	return 0
}

func (b *book) set(name, row, head, value string) {
	b.rows[name][b.row(name, row)][b.column(name, head)] = value
}

// add writes a new row behind the one that has a text.
func (b *book) add(name, behind string, cells map[string]string) {
	fresh := make([]string, len(b.rows[name][0]))
	for head, v := range cells {
		fresh[b.column(name, head)] = v
	}
	b.rows[name] = slices.Insert(b.rows[name], b.row(name, behind)+1, fresh)
}

func (b *book) remove(name, text string) {
	i := b.row(name, text)
	b.rows[name] = slices.Delete(b.rows[name], i, i+1)
}

func (b *book) bytes() []byte {
	b.t.Helper()
	var sheets []workbook.Sheet
	for _, n := range b.names {
		sheets = append(sheets, workbook.Sheet{Name: n, Rows: b.rows[n]})
	}
	var out bytes.Buffer
	if err := workbook.Write(&out, sheets); err != nil {
		b.t.Fatal(err)
	}
	return out.Bytes()
}

func plan(t *testing.T, dir fs.FS, b []byte) *sheet.Plan {
	t.Helper()
	p, err := sheet.Import(dir, b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// clean is a plan without problems.
func clean(t *testing.T, dir fs.FS, b []byte) *sheet.Plan {
	t.Helper()
	p := plan(t, dir, b)
	for _, x := range p.Problems {
		t.Error(x)
	}
	for _, x := range p.Notes {
		t.Error(x)
	}
	return p
}

// TestRoundTrip: nothing changes when nothing was changed, to the byte.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	first := export(t, intents.Embedded())
	p := clean(t, intents.Embedded(), first)
	if len(p.Changes) != 0 || len(p.Files()) != 0 {
		t.Errorf("an unchanged workbook changes %d values in %d files, want none: %v", len(p.Changes), len(p.Files()), p.Changes)
	}
	over, err := p.Over(intents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if second := export(t, over); !bytes.Equal(first, second) {
		t.Errorf("the second export has %d bytes and differs from the first (%d)", len(second), len(first))
	}
	for _, x := range clean(t, intents.Embedded(), open(t, first).bytes()).Changes {
		t.Errorf("saved by another program: %v", x)
	}
	if report := check.Pack(over, check.Options{}); report.Errors() > 0 {
		t.Errorf("the pack in memory has errors: %v", report.Findings)
	}
	if out := os.Getenv("SHEET_OUT"); out != "" {
		_ = os.WriteFile(out, first, 0o600)
	}
}

// changed are the lines of the pack that differ, "-" before and "+" after.
func changed(t *testing.T, p *sheet.Plan) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for name, text := range p.Files() {
		old, err := fs.ReadFile(small(t), name)
		if err != nil {
			old = nil
		}
		now := ""
		if text != nil {
			now = *text
		}
		a, b := strings.Split(string(old), "\n"), strings.Split(now, "\n")
		for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
			a, b = a[1:], b[1:]
		}
		for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
			a, b = a[:len(a)-1], b[:len(b)-1]
		}
		for _, l := range a {
			out[name] = append(out[name], "-"+l)
		}
		for _, l := range b {
			out[name] = append(out[name], "+"+l)
		}
	}
	return out
}
