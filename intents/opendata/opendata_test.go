package opendata_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/japanese"

	"github.com/tsunagu-chat/tsunagu/intents/opendata"
)

// newer is a list as the standard wants it, with the column whose name has a
// comma quoted.
const newer = `全国地方公共団体コード,ID,名称,名称_カナ,所在地_連結表記,緯度,経度,電話番号,郵便番号,災害種別_洪水,"災害種別_崖崩れ、土石流及び地滑り",災害種別_地震,指定避難所との重複,想定収容人数,備考
132021,0001,見本小学校,ミホンショウガッコウ,見本町1-1,35.7,139.4,042-000-0000,190-0000,1,,1,1,500,
132021,0002,見本髙公園,ミホンコウエン,見本町2-2,,,,,,1,,,約１，２００人,広い①
`

func read(t *testing.T, b []byte) (opendata.Table, []opendata.Note) {
	t.Helper()
	table, notes, err := opendata.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return table, notes
}

func TestReadStandard(t *testing.T) {
	t.Parallel()
	table, notes := read(t, []byte(newer))
	if table.Kind.Name != "shelters" || len(table.Rows) != 2 || table.Encoding != "UTF-8" {
		t.Fatalf("got %s, %d rows, %s", table.Kind.Name, len(table.Rows), table.Encoding)
	}
	first := table.Rows[0]
	for column, want := range map[string]string{
		"全国地方公共団体コード": "132021", "ID": "0001", "名称": "見本小学校", "緯度": "35.7", "災害種別_洪水": "1",
		"災害種別_崖崩れ、土石流及び地滑り": "", "災害種別_地震": "1", "想定収容人数": "500", "郵便番号": "190-0000",
	} {
		if got := table.Cell(first, column); got != want {
			t.Errorf("%s: got %q, want %q", column, got, want)
		}
	}
	if got := table.Cell(table.Rows[1], "災害種別_崖崩れ、土石流及び地滑り"); got != "1" {
		t.Errorf("the column with a comma in its name: got %q, want 1", got)
	}
	if len(notes) != 1 || notes[0].Error || notes[0].Line != 3 || !strings.Contains(notes[0].Text, "1200 people") {
		t.Errorf("notes: got %+v, want one about 約１，２００人 in line 3", notes)
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	cp932, err := japanese.ShiftJIS.NewEncoder().String(newer)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := read(t, []byte(newer))
	for encoding, b := range map[string]string{
		"UTF-8 with BOM": "\ufeff" + newer,
		"CP932":          cp932,
	} {
		got, _ := read(t, []byte(b))
		if got.Encoding != encoding {
			t.Errorf("got %s, want %s", got.Encoding, encoding)
		}
		if diff := cmp.Diff(want.Rows, got.Rows); diff != "" {
			t.Errorf("%s reads otherwise:\n%s", encoding, diff)
		}
	}
	crlf, _ := read(t, []byte(strings.ReplaceAll(newer, "\n", "\r\n")))
	tabs, _ := read(t, []byte(strings.ReplaceAll(newer, ",", "\t")))
	for name, got := range map[string]opendata.Table{"CRLF": crlf, "tabs": tabs} {
		if diff := cmp.Diff(want.Rows, got.Rows); diff != "" {
			t.Errorf("%s reads otherwise:\n%s", name, diff)
		}
	}
	for name, b := range map[string]string{"neither": "\xff\xfe\x00,\x81", "broken UTF-8": "\ufeff名称\xff"} {
		if _, _, err := opendata.Read([]byte(b)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestHeaderWithAComma reads a file whose writer did not quote the name.
func TestHeaderWithAComma(t *testing.T) {
	t.Parallel()
	table, notes := read(t, []byte("ID,名称,災害種別_洪水,災害種別_崖崩れ,土石流及び地滑り,災害種別_地震\n1,見本,,1,1\n"))
	if len(notes) > 0 {
		t.Errorf("notes: %+v", notes)
	}
	row := table.Rows[0]
	got := table.Cell(row, "災害種別_洪水") + "/" + table.Cell(row, "災害種別_崖崩れ、土石流及び地滑り") + "/" + table.Cell(row, "災害種別_地震")
	if got != "/1/1" {
		t.Errorf("got %s, want /1/1", got)
	}
}

func TestOlderNames(t *testing.T) {
	t.Parallel()
	old, _ := read(t, []byte("都道府県コード又は市区町村コード,NO,名称,住所,方書,災害種別_洪水\n13202,7,見本,見本町1,2階,○\n"))
	row := old.Rows[0]
	for column, want := range map[string]string{"全国地方公共団体コード": "132021", "ID": "7", "所在地_連結表記": "見本町1", "建物名等(方書)": "2階", "災害種別_洪水": "1"} {
		if got := old.Cell(row, column); got != want {
			t.Errorf("%s: got %q, want %q", column, got, want)
		}
	}
	gsi, _ := read(t, []byte("市町村コード,施設・場所名,住所,洪水,崖崩れ、土石流及び地滑り,高潮,地震,津波,大規模な火事,内水氾濫,火山現象,指定避難所との住所同一,緯度,経度,備考\n132021,見本,見本町1,1,,,1,,,,,1,35.7,139.4,\n"))
	row = gsi.Rows[0]
	if gsi.Cell(row, "名称") != "見本" || gsi.Cell(row, "災害種別_地震") != "1" || gsi.Cell(row, "指定避難所との重複") != "1" {
		t.Errorf("GSI: got %v", row)
	}
}

// TestCells is what a spreadsheet and people do to cells.
func TestCells(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		column, cell, want string
		noted, bad         bool
	}{
		{"全国地方公共団体コード", "132021", "132021", false, false},
		{"全国地方公共団体コード", "92011", "092011", true, false}, // the zero went
		{"全国地方公共団体コード", "13202", "132021", true, false}, // no check digit
		{"全国地方公共団体コード", "9201", "092011", true, false},
		{"全国地方公共団体コード", "132022", "132022", true, true},
		{"全国地方公共団体コード", "１３２０２１", "132021", false, false},
		{"電話番号", "425232111", "0425232111", true, false},
		{"電話番号", "042-523-2111", "042-523-2111", false, false},
		{"電話番号", "4.25E+08", "4.25E+08", true, true},
		{"郵便番号", "600001", "060-0001", true, false},
		{"郵便番号", "190-0022", "190-0022", false, false},
		{"想定収容人数", "約500人", "500", true, false},
		{"想定収容人数", "1,200", "1200", true, false},
		{"想定収容人数", "体育館300・校舎200", "体育館300・校舎200", true, false},
		{"想定収容人数", "不明", "不明", true, false},
		{"緯度", "３５.７", "35.7", false, false},
		{"緯度", "139.4", "139.4", true, true}, // swapped
		{"経度", "北緯", "北緯", true, true},
		{"災害種別_洪水", "○", "1", false, false},
		{"災害種別_洪水", "×", "", false, false},
		{"災害種別_洪水", "たぶん", "たぶん", true, true},
		{"標高", "高い", "高い", true, true},
	} {
		table, notes := read(t, []byte("ID,名称,所在地_連結表記,"+c.column+"\n1,見本,見本町,\""+c.cell+"\"\n"))
		if got := table.Cell(table.Rows[0], c.column); got != c.want {
			t.Errorf("%s %q: got %q, want %q", c.column, c.cell, got, c.want)
		}
		if noted := len(notes) > 0; noted != c.noted || noted && notes[0].Error != c.bad {
			t.Errorf("%s %q: notes %+v, want noted %v bad %v", c.column, c.cell, notes, c.noted, c.bad)
		}
	}
}

func TestFacilities(t *testing.T) {
	t.Parallel()
	table, notes := read(t, []byte("都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,名称,名称_カナ,POIコード,住所,利用可能曜日,開始時間,終了時間,バリアフリー情報,謎\n132021,1,東京都,立川市,見本館,ミホンカン,,見本町1,月火水,9:00,17:00,車椅子可,x\n132021,1,東京都,立川市,,,,見本町2,,朝,,,\n"))
	if table.Kind.Name != "facilities" || table.Cell(table.Rows[0], "開始時間") != "09:00" {
		t.Fatalf("got %s %v", table.Kind.Name, table.Rows[0])
	}
	var texts []string
	for _, n := range notes {
		texts = append(texts, n.Text)
	}
	all := strings.Join(texts, "\n")
	for _, want := range []string{`"謎" is not in the standard`, "名称: this must not be empty", "開始時間", "stands in line 2 already"} {
		if !strings.Contains(all, want) {
			t.Errorf("notes: got %s, want %s in them", all, want)
		}
	}
}

func TestUnknownFile(t *testing.T) {
	t.Parallel()
	for _, b := range []string{"a,b,c\n1,2,3\n", "", "名称\n見本\n"} {
		if _, _, err := opendata.Read([]byte(b)); err == nil || b != "" && !errors.Is(err, opendata.ErrUnknown) {
			t.Errorf("%q: got %v, want ErrUnknown", b, err)
		}
	}
}

// TestWritingChangesNothing writes what was read, and reads it again.
func TestWritingChangesNothing(t *testing.T) {
	t.Parallel()
	table, _ := read(t, []byte(newer))
	b, err := table.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	again, notes := read(t, b)
	if diff := cmp.Diff(table.Rows, again.Rows); diff != "" || len(notes) > 0 {
		t.Errorf("second reading differs: %s %+v", diff, notes)
	}
	if len(opendata.Compare(table, again)) > 0 {
		t.Errorf("the same list compares as changed")
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	now, _ := read(t, []byte("ID,名称,所在地_連結表記\n001,甲,町1\n002,乙,町2\n003,丙,町3\n"))
	next, _ := read(t, []byte("ID,名称,所在地_連結表記\n1,甲,町1\n2,乙,町9\n4,丁,町4\n"))
	if n := opendata.KeepIDs(now, &next); n != 2 || next.Cell(next.Rows[0], "ID") != "001" {
		t.Errorf("kept %d ids, the first is %s; want 2 and 001", n, next.Cell(next.Rows[0], "ID"))
	}
	kinds := map[string]string{}
	for _, c := range opendata.Compare(now, next) {
		kinds[c.Row] = c.Kind
	}
	want := map[string]string{"乙 (ID 2)": "changed", "丁 (ID 4)": "added", "丙 (ID 3)": "removed"}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	columns := func(k opendata.Kind) []string {
		var names []string
		for _, c := range k.Columns {
			names = append(names, c.Name)
		}
		return names
	}
	if n := len(columns(opendata.Shelters())); n != 39 {
		t.Errorf("the standard's shelter list has %d columns, want 39", n)
	}
	if !slices.Contains(columns(opendata.Facilities()), "バリアフリー情報") {
		t.Error("the facility list has no バリアフリー情報")
	}
}
