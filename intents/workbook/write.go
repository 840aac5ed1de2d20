package workbook

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// Column is how a column of a sheet looks and behaves.
type Column struct {
	Width  float64  // in characters; 0 leaves it to the program
	Choice []string // the only values it takes, offered as a list; nil when free
}

// Sheet is one sheet to be written. Its first rows are the heading: they stay
// in sight, the first of them in bold, the others small. So do its first
// columns.
type Sheet struct {
	Name    string
	Heading int // rows
	Leading int // columns
	Columns []Column
	Rows    [][]string
}

const declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// The cell formats of styles: 1 text, 2 heading, 3 note. Format 49 is "text":
// programs leave what is typed there as it is (0120…, 1-7, 2026-12-01).
const styles = declaration + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
	`<fonts count="3"><font><sz val="11"/><name val="Yu Gothic"/></font><font><b/><sz val="11"/><name val="Yu Gothic"/></font><font><sz val="9"/><color rgb="FF595959"/><name val="Yu Gothic"/></font></fonts>` +
	`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFDDEBF7"/><bgColor indexed="64"/></patternFill></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
	`<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
	`<xf numFmtId="49" fontId="2" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

// Write writes a workbook. The same sheets give the same bytes.
func Write(w io.Writer, sheets []Sheet) error {
	z := zip.NewWriter(w)
	var types, list, links strings.Builder
	for i, s := range sheets {
		n := i + 1
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, attribute(s.Name), n, n)
		fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, n, n)
	}
	fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>`, len(sheets)+1)
	parts := []struct{ name, text string }{
		{"[Content_Types].xml", declaration + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", declaration + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", declaration + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><bookViews><workbookView/></bookViews><sheets>` + list.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", declaration + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + links.String() + `</Relationships>`},
		{"xl/styles.xml", styles},
	}
	for i, s := range sheets {
		parts = append(parts, struct{ name, text string }{fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), page(s)})
	}
	for _, p := range parts {
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err == nil {
			_, err = io.WriteString(f, p.text)
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", p.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

func page(s Sheet) string {
	var b strings.Builder
	b.WriteString(declaration + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">`)
	switch {
	case s.Heading > 0 && s.Leading > 0:
		fmt.Fprintf(&b, `<pane xSplit="%d" ySplit="%d" topLeftCell="%s" activePane="bottomRight" state="frozen"/>`, s.Leading, s.Heading, Name(s.Heading, s.Leading))
	case s.Heading > 0:
		fmt.Fprintf(&b, `<pane ySplit="%d" topLeftCell="A%d" activePane="bottomLeft" state="frozen"/>`, s.Heading, s.Heading+1)
	}
	b.WriteString(`</sheetView></sheetViews>`)
	if len(s.Columns) > 0 {
		b.WriteString(`<cols>`)
		for i, c := range s.Columns {
			width := c.Width
			if width == 0 {
				width = 12
			}
			fmt.Fprintf(&b, `<col min="%d" max="%d" width="%g" style="1" customWidth="1"/>`, i+1, i+1, width)
		}
		b.WriteString(`</cols>`)
	}
	b.WriteString(`<sheetData>`)
	for r, row := range s.Rows {
		style := 1
		switch {
		case r == 0 && s.Heading > 0:
			style = 2
		case r < s.Heading:
			style = 3
		}
		fmt.Fprintf(&b, `<row r="%d">`, r+1)
		for c, text := range row {
			if text != "" {
				fmt.Fprintf(&b, `<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">`, Name(r, c), style)
				_ = xml.EscapeText(&b, []byte(escape(text))) // a strings.Builder does not fail
				b.WriteString(`</t></is></c>`)
			}
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData>`)
	choices(&b, s)
	b.WriteString(`</worksheet>`)
	return b.String()
}

// choices offers what a column takes. A list inside the sheet may have 255
// characters and no commas in its values.
func choices(b *strings.Builder, s Sheet) {
	var list []string
	for i, c := range s.Columns {
		all := strings.Join(c.Choice, ",")
		if len(c.Choice) == 0 || len(all) > 250 {
			continue
		}
		list = append(list, fmt.Sprintf(`<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="%s%d:%s%d"><formula1>"%s"</formula1></dataValidation>`,
			letters(i), s.Heading+1, letters(i), MaxRows, attribute(all)))
	}
	if len(list) > 0 {
		fmt.Fprintf(b, `<dataValidations count="%d">%s</dataValidations>`, len(list), strings.Join(list, ""))
	}
}

func attribute(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder does not fail
	return b.String()
}
