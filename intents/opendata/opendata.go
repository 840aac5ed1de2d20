// Package opendata reads and writes the lists a city publishes as CSV: the
// shelters (自治体標準オープンデータセット「指定緊急避難場所一覧」) and the public
// facilities (推奨データセット「公共施設一覧」). Real files come with a byte order
// mark or in CP932, have lost leading zeros in a spreadsheet, name columns in
// older ways and write capacities as words; reading survives all of that and
// says what it changed. It knows nothing of files' places: bytes in, bytes out.
package opendata

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/unicode/norm"
)

// Kind is one list in its standard form.
type Kind struct {
	Name    string // shelters, facilities
	File    string // in the pack's folder
	Columns []Column
}

// Column is one column of the standard.
type Column struct {
	Name  string
	Also  []string // what older or other files call it
	Value Value
}

// Value says how what stands in a column is read.
type Value int

// The kinds of value there are.
const (
	Text Value = iota
	Required
	Code     // 全国地方公共団体コード, six digits with the check digit
	Lat      // degrees north
	Lon      // degrees east
	Number   // digits
	Capacity // people; often written in words
	Flag     // 1 or blank
	Phone
	Postcode
	Clock // HH:MM
	Address
)

// Table is a list in its standard form: every row has a cell for every column.
type Table struct {
	Kind     Kind
	Rows     [][]string
	Encoding string // as found: UTF-8, UTF-8 with BOM, CP932
	lines    []int
}

// Note is something the reader changed, left out or could not read.
type Note struct {
	Line  int // from 1, the header's; 0 when the whole file is meant
	Text  string
	Error bool // the row cannot be used as it is
}

// ErrUnknown is returned for a file whose columns are of no list known here.
var ErrUnknown = errors.New("the columns are neither those of the shelter list nor those of the facility list")

// Read reads a CSV file of any kind known.
func Read(b []byte) (Table, []Note, error) {
	text, encoding, err := decode(b)
	if err != nil {
		return Table{}, nil, err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	if first, _, _ := strings.Cut(text, "\n"); strings.Contains(first, "\t") && !strings.Contains(first, ",") {
		r.Comma = '\t'
	}
	header, err := r.Read()
	if err != nil {
		return Table{}, nil, fmt.Errorf("read the header: %w", err)
	}
	t := Table{Encoding: encoding}
	var places []int
	var notes []Note
	if t.Kind, places, notes, err = understandHeader(header); err != nil {
		return t, nil, err
	}
	for {
		record, err := r.Read()
		if err != nil {
			break // only the end: lazy quotes and free field counts leave no other error
		}
		line, _ := r.FieldPos(0)
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue
		}
		row := make([]string, len(t.Kind.Columns))
		for i, cell := range record {
			if i < len(places) && places[i] >= 0 {
				row[places[i]] = strings.TrimSpace(cell)
			}
		}
		for i, c := range t.Kind.Columns {
			cell, note, bad := c.Value.clean(row[i])
			if note != "" {
				notes = append(notes, Note{Line: line, Text: c.Name + ": " + note, Error: bad})
			}
			row[i] = cell
		}
		t.Rows, t.lines = append(t.Rows, row), append(t.lines, line)
	}
	return t, append(notes, t.twice()...), nil
}

// decode finds out the encoding. A file that is not UTF-8 is CP932, what
// Excel in Japan writes; one that is neither is refused.
func decode(b []byte) (text, encoding string, err error) {
	if rest, ok := bytes.CutPrefix(b, []byte("\uFEFF")); ok {
		if !utf8.Valid(rest) {
			return "", "", errors.New("the file begins like UTF-8 and is not: save it again as CSV UTF-8")
		}
		return string(rest), "UTF-8 with BOM", nil
	}
	if utf8.Valid(b) {
		return string(b), "UTF-8", nil
	}
	out, err := japanese.ShiftJIS.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", "", errors.New("the file is neither UTF-8 nor CP932 (Shift_JIS): save it again as CSV UTF-8")
	}
	return string(out), "CP932", nil
}

// columnKey is how names of columns are compared: widths, blanks and commas
// differ from file to file.
func columnKey(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', ',', '、', '・', '"', '\u200b', '\ufeff':
			return -1
		}
		return r
	}, norm.NFKC.String(strings.TrimSpace(s)))
}

func (k Kind) column(name string) int {
	key := columnKey(name)
	return slices.IndexFunc(k.Columns, func(c Column) bool {
		return columnKey(c.Name) == key || slices.ContainsFunc(c.Also, func(s string) bool { return columnKey(s) == key })
	})
}

// understandHeader finds the kind of list, and for each cell of the header the
// column of the standard, -1 for columns nobody knows.
func understandHeader(header []string) (Kind, []int, []Note, error) {
	best, kind := 0, Kind{}
	for _, k := range Kinds() {
		known := 0
		for _, h := range header {
			if k.column(h) >= 0 {
				known++
			}
		}
		if known > best {
			best, kind = known, k
		}
	}
	if best < 3 || !slices.ContainsFunc(header, func(h string) bool {
		i := kind.column(h)
		return i >= 0 && kind.Columns[i].Value == Required
	}) {
		return kind, nil, nil, fmt.Errorf("%w: %s", ErrUnknown, strings.Join(header, ", "))
	}
	var places []int
	var notes []Note
	for i := 0; i < len(header); i++ {
		at := kind.column(header[i])
		if at < 0 && i+1 < len(header) && kind.column(header[i+1]) < 0 {
			// A name with a comma that nobody quoted fell into two cells.
			if whole := kind.column(header[i] + header[i+1]); whole >= 0 {
				at = whole
				i++
			}
		}
		if at < 0 {
			notes = append(notes, Note{Line: 1, Text: fmt.Sprintf("the column %q is not in the standard and is left out", header[i])})
		}
		places = append(places, at)
	}
	return kind, places, notes, nil
}

// twice finds rows with the id of another.
func (t Table) twice() []Note {
	var notes []Note
	seen := map[string]int{}
	for i, row := range t.Rows {
		key := t.Key(row)
		if first, ok := seen[key]; ok {
			notes = append(notes, Note{Line: t.line(i), Text: fmt.Sprintf("%s stands in line %d already", key, first), Error: true})
			continue
		}
		seen[key] = t.line(i)
	}
	return notes
}

// line is where a row began.
func (t Table) line(i int) int {
	if i < len(t.lines) {
		return t.lines[i]
	}
	return 0
}

// Line is where a row begins in the file, from 1; 0 for a table not read.
func (t Table) Line(i int) int { return t.line(i) }

// Cell is what stands in a column of a row.
func (t Table) Cell(row []string, column string) string {
	if i := t.Kind.column(column); i >= 0 && i < len(row) {
		return row[i]
	}
	return ""
}

// Key tells rows apart: the id without the zeros a spreadsheet may have taken,
// or the name where there is no id.
func (t Table) Key(row []string) string {
	if id := strings.TrimLeft(t.Cell(row, "ID"), "0"); id != "" {
		return "ID " + id
	}
	return t.Cell(row, "名称")
}

// Bytes is the list as the pack keeps it: UTF-8 without a mark, every column
// of the standard in its order.
func (t Table) Bytes() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	names := make([]string, len(t.Kind.Columns))
	for i, c := range t.Kind.Columns {
		names[i] = c.Name
	}
	if err := w.WriteAll(append([][]string{names}, t.Rows...)); err != nil {
		return nil, fmt.Errorf("write %s: %w", t.Kind.File, err)
	}
	return b.Bytes(), nil
}
