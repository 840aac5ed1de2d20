// Package workbook writes and reads the plain part of Office Open XML
// workbooks (.xlsx, ECMA-376): sheets of text cells. It knows nothing of what
// the cells mean. The same sheets are always written as the same bytes, and
// what strangers send is read within limits.
package workbook

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The limits of what is read. A cell cannot hold more in any spreadsheet
// program (ECMA-376 and Excel: 32,767 characters).
const (
	MaxFile    = 20 << 20  // bytes of the file
	MaxParts   = 100 << 20 // bytes of all parts, unpacked
	MaxCells   = 2_000_000 // of all sheets
	MaxSheets  = 100
	MaxRows    = 100_000 // of one sheet
	MaxColumns = 300
	MaxCell    = 32_767 // characters
)

// ErrNotXLSX is returned for what is not a workbook at all.
var ErrNotXLSX = errors.New("this is not an .xlsx workbook（Excel ブック .xlsx ではありません）")

// CellError is something wrong at one place of a workbook.
type CellError struct {
	Sheet, Cell string // "窓口", "C7"; Cell is empty when the whole sheet is meant
	Text        string
}

func (e *CellError) Error() string {
	if e.Cell == "" {
		return fmt.Sprintf("%s: %s", e.Sheet, e.Text)
	}
	return fmt.Sprintf("%s!%s: %s", e.Sheet, e.Cell, e.Text)
}

// Cell is one cell as it was read.
type Cell struct {
	Text    string
	Number  bool // the program kept it as a number: dates and times are numbers too
	Formula bool
	Fault   bool // it shows an error such as #REF!
}

// Page is one sheet as it was read. Row and column count from 0.
type Page struct {
	Name   string
	Rows   map[int]map[int]Cell // only cells that hold something
	Last   int                  // the last row that holds something, -1 when none does
	Merged []string             // "A1:B2"
}

// At returns a cell; an empty one where nothing stands.
func (p *Page) At(row, column int) Cell { return p.Rows[row][column] }

// Name is the name of a cell, "C7", from row and column counted from 0.
func Name(row, column int) string { return letters(column) + strconv.Itoa(row+1) }

func letters(column int) string {
	s := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}

// Place reads a cell's name; false when it is none.
func Place(name string) (row, column int, ok bool) {
	i := 0
	for i < len(name) && name[i] >= 'A' && name[i] <= 'Z' && i < 4 {
		column = column*26 + int(name[i]-'A') + 1
		i++
	}
	n, err := strconv.Atoi(name[i:])
	if i == 0 || err != nil || n < 1 {
		return 0, 0, false
	}
	return n - 1, column - 1, true
}

// escape hides characters that XML cannot carry, as _xHHHH_ (ECMA-376
// 22.9.2.19), and text that only looks like that.
func escape(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '_' && escaped(s[i:]):
			b.WriteString("_x005F_")
		case r == '\r' || r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF:
			fmt.Fprintf(&b, "_x%04X_", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// escaped reports whether s begins with an escape _xHHHH_.
func escaped(s string) bool {
	if len(s) < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(s[2:6], 16, 16)
	return err == nil
}

func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if escaped(s[i:]) {
			n, _ := strconv.ParseUint(s[i+2:i+6], 16, 16) // escaped has looked
			b.WriteRune(rune(n))
			i += 7
			continue
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		b.WriteString(s[i : i+size])
		i += size
	}
	return b.String()
}
