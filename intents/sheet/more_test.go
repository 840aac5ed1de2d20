package sheet_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tsunagu-chat/tsunagu/intents/workbook"
)

// TestHeadings: every column is called something people can read. One that is
// not needs its words in headings (words.go).
func TestHeadings(t *testing.T) {
	t.Parallel()
	b := open(t, export(t, small(t)))
	for _, name := range b.names[1:] {
		seen := map[string]bool{}
		for i, head := range b.rows[name][0] {
			if head == "" { // beyond the last column
				continue
			}
			if len(head) == utf8.RuneCountInString(head) || seen[head] {
				t.Errorf("sheet %s: column %s is called %q", name, workbook.Name(0, i), head)
			}
			seen[head] = true
		}
	}
	if len(b.names) != 28 {
		t.Errorf("%d sheets, want 28", len(b.names))
	}
}

// TestSpreadsheetHabits: what programs and people do without meaning harm.
func TestSpreadsheetHabits(t *testing.T) {
	t.Parallel()
	first := export(t, small(t))

	t.Run("a date that became a number", func(t *testing.T) {
		t.Parallel()
		b := inside(t, first, "xl/worksheets/sheet15.xml", func(s string) string {
			i := strings.Index(s, `<c r="I3"`)
			j := i + strings.Index(s[i:], "</c>")
			return s[:i] + `<c r="I3"><v>46357</v>` + s[j:]
		})
		p := clean(t, small(t), b)
		if len(p.Changes) != 1 || p.Changes[0].New != "2026-12-01" || p.Changes[0].File != "towns.yaml" {
			t.Errorf("changes %v, want the day 2026-12-01", p.Changes)
		}
	})
	t.Run("a row copied with its mark", func(t *testing.T) {
		t.Parallel()
		b := open(t, first)
		i := b.row("電話番号", "0570-078374")
		fresh := slices.Clone(b.rows["電話番号"][i])
		fresh[b.column("電話番号", "番号")] = "03-0000-0000"
		b.rows["電話番号"] = slices.Insert(b.rows["電話番号"], i, fresh)
		p := clean(t, small(t), b.bytes())
		if len(p.Changes) != 1 || p.Changes[0].Line != 0 || !strings.Contains(*p.Files()["hotlines.yaml"], `- number: "03-0000-0000"`) {
			t.Errorf("changes %v, want one new row", p.Changes)
		}
	})
	t.Run("rows sorted otherwise, columns moved, a column of one's own", func(t *testing.T) {
		t.Parallel()
		b := open(t, first)
		rows := b.rows["町"]
		slices.Reverse(rows[2:])
		for i, r := range rows {
			r[2], r[3] = r[3], r[2]
			rows[i] = append(r, "メモ")
		}
		p := plan(t, small(t), b.bytes())
		if len(p.Problems) != 0 || len(p.Changes) != 0 || len(p.Files()) != 0 || len(p.Notes) != 1 {
			t.Errorf("problems %v, changes %v, notes %v; want only a note on the column", p.Problems, p.Changes, p.Notes)
		}
	})
	t.Run("too many lines in a cell", func(t *testing.T) {
		t.Parallel()
		b := open(t, first)
		b.set("危険", "suicide", "電話番号", strings.Repeat("119\n", 1001))
		if p := plan(t, small(t), b.bytes()); len(p.Problems) != 1 || !strings.Contains(p.Problems[0].String(), "1001 行あります") {
			t.Errorf("problems %v, want one on the lines", p.Problems)
		}
	})
	t.Run("a window goes with all that is its own", func(t *testing.T) {
		t.Parallel()
		b := open(t, first)
		b.remove("窓口", "legal")
		b.rows["例文"] = slices.DeleteFunc(b.rows["例文"], func(r []string) bool { return r[1] == "legal" })
		p := clean(t, small(t), b.bytes())
		files := p.Files()
		if text, there := files["windows/legal.yaml"]; !there || text != nil {
			t.Errorf("the window's file stays")
		}
		if text, there := files["examples/legal.txt"]; !there || text != nil || len(files) != 2 {
			t.Errorf("the file of its examples stays, or %d files change", len(files))
		}
	})
}
