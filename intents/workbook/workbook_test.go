package workbook_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tsunagu-chat/tsunagu/intents/workbook"
)

// archive makes a workbook from its parts, as other programs lay them out.
func archive(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func other(t *testing.T, rows string) []byte {
	t.Helper()
	return archive(t, map[string]string{
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="町" sheetId="4" r:id="rId7"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId7" Type="x" Target="/xl/worksheets/first.xml"/></Relationships>`,
		"xl/sharedStrings.xml":       `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si><si><r><rPr><b/></rPr><t xml:space="preserve">太字 </t></r><r><t>と細字_x000D_&#10;次の行</t></r></si></sst>`,
		"xl/worksheets/first.xml":    `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData><mergeCells count="1"><mergeCell ref="A9:B9"/></mergeCells></worksheet>`,
	})
}

// TestOtherPrograms reads what Excel and its like write: shared texts, texts
// in several formats, readings over kanji, numbers, formulas, errors.
func TestOtherPrograms(t *testing.T) {
	t.Parallel()
	pages, err := workbook.Read(other(t, `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="D2"><v>46357</v></c><c r="E2" t="b"><v>1</v></c><c r="F2" t="str"><f>A2&amp;"x"</f><v>東京x</v></c><c r="G2" t="e"><v>#REF!</v></c><c r="H2" s="3"/><c r="I2"><v>1.5E-1</v></c></row><row><c t="inlineStr"><is><t>x</t></is></c></row>`))
	if err != nil || len(pages) != 1 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	p := pages[0]
	want := map[int]map[int]workbook.Cell{
		1: {0: {Text: "東京"}, 1: {Text: "太字 と細字\n次の行"}, 3: {Text: "46357", Number: true}, 4: {Text: "true"}, 5: {Text: "東京x", Formula: true}, 6: {Text: "#REF!", Fault: true}, 8: {Text: "0.15", Number: true}},
		2: {0: {Text: "x"}},
	}
	if d := cmp.Diff(want, p.Rows); d != "" || p.Name != "町" || p.Last != 2 || len(p.Merged) != 1 {
		t.Errorf("page %s, last row %d, merged %v (-want +got):\n%s", p.Name, p.Last, p.Merged, d)
	}
}

func TestWriteAndRead(t *testing.T) {
	t.Parallel()
	sheets := []workbook.Sheet{{Name: "A&B", Heading: 1, Columns: []workbook.Column{{Choice: []string{"a", "b"}}}, Rows: [][]string{
		{"頭", "<&>\"'"}, {"", " 空白 ", "一\n二"}, {"_x000D_", "\u0001\t制御", "0120-000-000", "=1+1"},
	}}}
	var first, second bytes.Buffer
	if err := errors.Join(workbook.Write(&first, sheets), workbook.Write(&second, sheets)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same sheets give other bytes")
	}
	pages, err := workbook.Read(first.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for r, row := range sheets[0].Rows {
		for c, want := range row {
			if got := pages[0].At(r, c); got.Text != want || got.Formula || got.Number {
				t.Errorf("%s: got %+v, want the text %q", workbook.Name(r, c), got, want)
			}
		}
	}
}

// TestLimits: what is too much is refused with its place, and a small file
// cannot unpack to a big one.
func TestLimits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ rows, want string }{
		"cell":    {`<row r="3"><c r="C3" t="inlineStr"><is><t>` + strings.Repeat("あ", workbook.MaxCell+1) + `</t></is></c></row>`, "町!C3: more than 32767 characters"},
		"rows":    {`<row r="100001"><c r="A100001"><v>1</v></c></row>`, "町!A100001: more than 100000 rows"},
		"columns": {`<row r="1"><c r="ZZ1"><v>1</v></c></row>`, "町!ZZ1: more than 300 columns"},
	} {
		var at *workbook.CellError
		if _, err := workbook.Read(other(t, c.rows)); !errors.As(err, &at) || !strings.HasPrefix(at.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	bomb := archive(t, map[string]string{"xl/workbook.xml": strings.Repeat(" ", workbook.MaxParts+2)})
	if _, err := workbook.Read(bomb); err == nil || errors.Is(err, workbook.ErrNotXLSX) || len(bomb) > 1<<20 {
		t.Errorf("a part of more than %d bytes: %v, want the limit", workbook.MaxParts, err)
	}
	if _, err := workbook.Read(make([]byte, workbook.MaxFile+1)); err == nil {
		t.Error("a file over the limit is read")
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		row, column int
		name        string
	}{{0, 0, "A1"}, {6, 25, "Z7"}, {0, 26, "AA1"}, {99, 701, "ZZ100"}} {
		row, column, ok := workbook.Place(c.name)
		if got := workbook.Name(c.row, c.column); got != c.name || row != c.row || column != c.column || !ok {
			t.Errorf("got %s and %d,%d, want %s", got, row, column, c.name)
		}
	}
	for _, bad := range []string{"", "A", "7", "a1", "A0", "A1x"} {
		if _, _, ok := workbook.Place(bad); ok {
			t.Errorf("%q is read as a cell", bad)
		}
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := workbook.Write(&b, []workbook.Sheet{{Name: "a", Rows: [][]string{{"x"}}}}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(_ *testing.T, b []byte) { _, _ = workbook.Read(b) })
}
