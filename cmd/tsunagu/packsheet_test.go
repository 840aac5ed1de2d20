package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/intents/workbook"
)

// rewrite changes one cell of a workbook, as a spreadsheet program would.
func rewrite(t *testing.T, from, to, name, cell, text string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := workbook.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	row, column, _ := workbook.Place(cell)
	var sheets []workbook.Sheet
	for _, p := range pages {
		s := workbook.Sheet{Name: p.Name}
		for r := range p.Last + 1 {
			var cells []string
			for c := range 60 {
				v := p.At(r, c).Text
				if p.Name == name && r == row && c == column {
					v = text
				}
				cells = append(cells, v)
			}
			s.Rows = append(s.Rows, cells)
		}
		sheets = append(sheets, s)
	}
	f, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if err := workbook.Write(f, sheets); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestPackWorkbook(t *testing.T) {
	t.Parallel()
	dir, out := packFolder(t), t.TempDir()
	file, edited := filepath.Join(out, "pack.xlsx"), filepath.Join(out, "edited.xlsx")
	examples, err := filepath.Glob(filepath.Join(dir, "examples", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range examples[2:] { // the errors there are now are not the workbook's
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	area := filepath.Join(dir, "areas.yaml")
	before, err := os.ReadFile(area)
	if err != nil {
		t.Fatal(err)
	}
	if code, said := tsunagu(t, "pack", "export", "--dir", dir, file); code != exitOK {
		t.Fatalf("export: exit %d, said %s", code, said)
	}
	if code, said := tsunagu(t, "pack", "export", "--dir", dir, file); code != exitUsage {
		t.Errorf("export over a file: exit %d, said %s, want it refused", code, said)
	}
	if code, said := tsunagu(t, "pack", "import", "--dir", dir, "--write", file); code != exitOK || !strings.Contains(said, "Nothing is to be written") {
		t.Errorf("unchanged: exit %d, said %s", code, said)
	}

	rewrite(t, file, edited, "圏域", "E3", "Area One")
	code, said := tsunagu(t, "pack", "import", "--dir", dir, edited)
	now, _ := os.ReadFile(area)
	if code != exitOK || !strings.Contains(said, "areas.yaml:11: 名前（英語）: 「Area 1」 → 「Area One」") || string(now) != string(before) {
		t.Errorf("dry run: exit %d, wrote %v, said:\n%s", code, string(now) != string(before), said)
	}
	if code, said = tsunagu(t, "pack", "import", "--dir", dir, "--write", edited); code != exitOK {
		t.Errorf("write: exit %d, said:\n%s", code, said)
	}
	now, _ = os.ReadFile(area)
	if want := strings.Replace(string(before), "en: Area 1\n", "en: Area One\n", 1); string(now) != want {
		t.Errorf("the file is now\n%s", now)
	}

	rewrite(t, file, edited, "危険", "D3", "000-0000-0000")
	code, said = tsunagu(t, "pack", "import", "--dir", dir, "--write", edited)
	if code != exitFailed || !strings.Contains(said, "dangers.yaml:8: ") || !strings.Contains(said, "Nothing was written") {
		t.Errorf("a change the check refuses: exit %d, said:\n%s", code, said)
	}
	rewrite(t, file, edited, "危険", "C3", "life")
	code, said = tsunagu(t, "pack", "import", "--dir", dir, "--write", edited)
	if code != exitFailed || !strings.Contains(said, "シート「危険」セル C3: 窓口「life」はありません") {
		t.Errorf("a broken workbook: exit %d, said:\n%s", code, said)
	}
	if err := os.WriteFile(edited, []byte("not a workbook"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said = tsunagu(t, "pack", "import", "--dir", dir, edited); code != exitFailed || !strings.Contains(said, "not an .xlsx") {
		t.Errorf("no workbook: exit %d, said %s", code, said)
	}
}
