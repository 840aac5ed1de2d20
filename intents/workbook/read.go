package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Read reads a workbook as any program saved it.
func Read(b []byte) ([]*Page, error) {
	if len(b) > MaxFile {
		return nil, fmt.Errorf("the workbook has more than %d MB（ファイルが大きすぎます）", MaxFile>>20)
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, ErrNotXLSX
	}
	r := reader{zip: z, left: MaxParts}
	sheets, err := r.sheets()
	if err != nil {
		return nil, err
	}
	if err := r.shared(); err != nil {
		return nil, err
	}
	pages := make([]*Page, 0, len(sheets))
	for _, s := range sheets {
		p, err := r.page(s.name, s.part)
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	return pages, nil
}

type reader struct {
	zip     *zip.Reader
	strings []string // the shared ones
	left    int64    // bytes that may still be unpacked
	cells   int      // read so far
}

// errMissing reports a part that is not in the file.
var errMissing = errors.New("missing")

func (r *reader) part(name string) ([]byte, error) {
	for _, f := range r.zip.File {
		if !strings.EqualFold(strings.TrimPrefix(f.Name, "/"), name) {
			continue
		}
		in, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", name, err)
		}
		defer in.Close() //nolint:errcheck // only read
		b, err := io.ReadAll(io.LimitReader(in, r.left+1))
		if err != nil {
			return nil, fmt.Errorf("unpack %s: %w", name, err)
		}
		if r.left -= int64(len(b)); r.left < 0 {
			return nil, fmt.Errorf("the workbook has more than %d MB unpacked（中身が大きすぎます）", MaxParts>>20)
		}
		return b, nil
	}
	return nil, fmt.Errorf("%s: %w", name, errMissing)
}

type sheetPart struct{ name, part string }

// sheets are the workbook's sheets in order, with the parts they stand in.
func (r *reader) sheets() ([]sheetPart, error) {
	b, err := r.part("xl/workbook.xml")
	if errors.Is(err, errMissing) {
		return nil, ErrNotXLSX
	}
	if err != nil {
		return nil, err
	}
	var book struct {
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	links, err2 := r.part("xl/_rels/workbook.xml.rels")
	var rels struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err2 != nil || xml.Unmarshal(b, &book) != nil || xml.Unmarshal(links, &rels) != nil || len(book.Sheets) == 0 {
		return nil, ErrNotXLSX
	}
	if len(book.Sheets) > MaxSheets {
		return nil, fmt.Errorf("the workbook has more than %d sheets（シートが多すぎます）", MaxSheets)
	}
	target := map[string]string{}
	for _, l := range rels.List {
		target[l.ID] = l.Target
	}
	var out []sheetPart
	for _, s := range book.Sheets {
		for _, a := range s.Attrs {
			if t := target[a.Value]; a.Name.Local == "id" && t != "" {
				part := path.Join("xl", t)
				if strings.HasPrefix(t, "/") {
					part = strings.TrimPrefix(path.Clean(t), "/")
				}
				out = append(out, sheetPart{s.Name, part})
			}
		}
	}
	return out, nil
}

// run is text with its formats left out. Readings over kanji (rPh), which
// Japanese spreadsheet programs add by themselves, are not part of it.
type run struct {
	T    *string `xml:"t"`
	Runs []struct {
		T string `xml:"t"`
	} `xml:"r"`
}

func (t run) text() string {
	var b strings.Builder
	if t.T != nil {
		b.WriteString(*t.T)
	}
	for _, r := range t.Runs {
		b.WriteString(r.T)
	}
	return plainBreaks(unescape(b.String()))
}

func plainBreaks(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

func (r *reader) shared() error {
	b, err := r.part("xl/sharedStrings.xml")
	if errors.Is(err, errMissing) {
		return nil
	}
	if err != nil {
		return err
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the workbook's texts: %w", err)
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "si" {
			var text run
			if err := d.DecodeElement(&text, &e); err != nil {
				return fmt.Errorf("read the workbook's texts: %w", err)
			}
			r.strings = append(r.strings, text.text())
		}
	}
}

// cell is a cell as it stands in the file.
type cell struct {
	Ref     string  `xml:"r,attr"`
	Type    string  `xml:"t,attr"`
	Value   *string `xml:"v"`
	Formula *struct {
		Text string `xml:",chardata"`
	} `xml:"f"`
	Inline *run `xml:"is"`
}

func (r *reader) page(name, part string) (*Page, error) {
	b, err := r.part(part)
	if err != nil {
		return nil, fmt.Errorf("sheet %s: %w", name, err)
	}
	p := &Page{Name: name, Rows: map[int]map[int]Cell{}, Last: -1}
	d := xml.NewDecoder(bytes.NewReader(b))
	row, column := -1, -1
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return p, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read sheet %s: %w", name, err)
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "row":
			row, column = row+1, -1
			if n, err := strconv.Atoi(attr(e, "r")); err == nil && n > 0 {
				row = n - 1
			}
		case "mergeCell":
			p.Merged = append(p.Merged, attr(e, "ref"))
		case "c":
			var c cell
			if err := d.DecodeElement(&c, &e); err != nil {
				return nil, fmt.Errorf("read sheet %s: %w", name, err)
			}
			column++
			if y, x, ok := Place(c.Ref); ok {
				row, column = y, x
			}
			if r.cells++; r.cells > MaxCells {
				return nil, fmt.Errorf("the workbook has more than %d cells（セルが多すぎます）", MaxCells)
			}
			if err := p.put(row, column, r.value(c)); err != nil {
				return nil, err
			}
		}
	}
}

func (p *Page) put(row, column int, c Cell) error {
	at := &CellError{Sheet: p.Name, Cell: Name(max(row, 0), column)}
	switch {
	case c == Cell{Number: c.Number}:
		return nil
	case row >= MaxRows || len(p.Rows) >= MaxRows:
		at.Text = fmt.Sprintf("more than %d rows（行が多すぎます）", MaxRows)
		return at
	case column >= MaxColumns:
		at.Text = fmt.Sprintf("more than %d columns（列が多すぎます）", MaxColumns)
		return at
	case utf8.RuneCountInString(c.Text) > MaxCell:
		at.Text = fmt.Sprintf("more than %d characters in one cell（セルの文が長すぎます）", MaxCell)
		return at
	}
	if p.Rows[row] == nil {
		p.Rows[row] = map[int]Cell{}
	}
	p.Rows[row][column] = c
	p.Last = max(p.Last, row)
	return nil
}

func (r *reader) value(c cell) Cell {
	out := Cell{Formula: c.Formula != nil}
	v := ""
	if c.Value != nil {
		v = *c.Value
	}
	switch c.Type {
	case "s":
		if n, err := strconv.Atoi(strings.TrimSpace(v)); err == nil && n >= 0 && n < len(r.strings) {
			out.Text = r.strings[n]
		}
	case "inlineStr":
		if c.Inline != nil {
			out.Text = c.Inline.text()
		}
	case "str":
		out.Text = plainBreaks(unescape(v))
	case "b":
		out.Text = map[string]string{"1": "true", "0": "false"}[v]
	case "e":
		out.Text, out.Fault = v, true
	default:
		out.Text, out.Number = v, true
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			out.Text = strconv.FormatFloat(f, 'f', -1, 64)
		}
	}
	return out
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
