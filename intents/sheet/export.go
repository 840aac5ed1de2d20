package sheet

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/tsunagu-chat/tsunagu/intents/workbook"
)

const (
	cover    = "はじめに"
	markHead = "しるし"
	heading  = 2 // rows: what a column is called, and what stands in it
)

// Export writes the pack as a workbook. The same pack gives the same bytes.
func Export(dir fs.FS, w io.Writer) error {
	t, err := readTexts(dir)
	if err != nil {
		return err
	}
	front := workbook.Sheet{Name: cover, Heading: 1, Columns: []workbook.Column{{Width: 18}, {Width: 80}, {Width: 8}, {Width: 16}}, Rows: [][]string{
		{"つなぐの言葉と事実", "このファイルの使い方"},
		{"", "直したいセルだけを直して保存し、tsunagu pack import ファイル.xlsx で違いを見ます。--write をつけると書きこみます。"},
		{"", "行を足すときは、しるしの列を空にしてください。行を消すときは、行ごと消してください。"},
		{"", "シートの名前、1行目の見出し、しるしの列、id は変えないでください。数式とセルの結合は使えません。"},
		{"", "セルの中で行を変えるには Alt+Enter。行の並べかえは、ファイルの順番を変えません。"},
		{"シート", "内容", "行", "指紋"},
	}}
	var sheets []workbook.Sheet
	for _, k := range kinds() {
		rows, err := k.source.rows(t)
		if err != nil {
			return fmt.Errorf("sheet %s: %w", k.name, err)
		}
		marks := marksOf(k, rows)
		front.Rows = append(front.Rows, []string{k.name, k.about, strconv.Itoa(len(rows)), fingerprint(marks)})
		s, err := pageOf(k, rows, marks)
		if err != nil {
			return err
		}
		sheets = append(sheets, s)
	}
	return workbook.Write(w, append([]workbook.Sheet{front}, sheets...))
}

func pageOf(k *kind, rows []row, marks []string) (workbook.Sheet, error) {
	s := workbook.Sheet{Name: k.name, Heading: heading, Leading: 1 + min(k.ident, 1), Columns: []workbook.Column{{Width: 9}}}
	heads, notes := []string{markHead}, []string{"さわらないでください。新しい行では空。"}
	for _, c := range k.columns {
		s.Columns = append(s.Columns, workbook.Column{Width: c.width, Choice: c.choice})
		heads = append(heads, c.head)
		note := c.note
		if c.required {
			note = "※ " + note
		}
		notes = append(notes, strings.TrimSpace(note))
	}
	s.Rows = append(s.Rows, heads, notes)
	for i, r := range rows {
		for j, cell := range r.cells {
			if len([]rune(cell)) > workbook.MaxCell {
				return s, fmt.Errorf("%s:%d: %s is longer than a cell can be (%d characters)", r.file, r.line, k.columns[j].head, workbook.MaxCell)
			}
		}
		s.Rows = append(s.Rows, append([]string{marks[i]}, r.cells...))
	}
	return s, nil
}

// marksOf gives each row a mark by which it is found again, and by which one
// can tell whether it was changed: a hash of its cells, and a number for the
// second row of the same.
func marksOf(k *kind, rows []row) []string {
	seen := map[string]int{}
	out := make([]string, len(rows))
	for i, r := range rows {
		m := hash(k.name, r.cells)
		if seen[m]++; seen[m] > 1 {
			out[i] = fmt.Sprintf("%s-%d", m, seen[m])
		} else {
			out[i] = m
		}
	}
	return out
}

func hash(name string, cells []string) string {
	sum := sha256.Sum256([]byte(name + "\x00" + strings.Join(cells, "\x00")))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))
}

// fingerprint is the same while no row of a sheet has changed in the files.
func fingerprint(marks []string) string {
	sorted := slices.Clone(marks)
	slices.Sort(sorted)
	return hash("", sorted)
}
