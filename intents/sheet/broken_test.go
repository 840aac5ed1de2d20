package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/intents/sheet"
	"github.com/tsunagu-chat/tsunagu/intents/workbook"
)

// inside changes the XML of the sheet at a place of the workbook.
func inside(t *testing.T, b []byte, part string, change func(string) string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == part {
			next := change(string(text))
			if next == string(text) {
				t.Fatalf("%s was not changed", part)
			}
			text = []byte(next)
		}
		o, err := w.Create(f.Name)
		if err == nil {
			_, err = o.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestBroken: each kind of broken workbook is refused with sheet and cell, and
// nothing of it is planned.
func TestBroken(t *testing.T) {
	t.Parallel()
	first := export(t, small(t))
	for name, c := range map[string]struct {
		edit func(*book)
		raw  func(*testing.T, []byte) []byte
		want []string // the problems, each by how it begins
	}{
		"missing sheet": {
			edit: func(b *book) {
				b.names = slices.DeleteFunc(b.names, func(n string) bool { return n == "電話番号" })
			},
			want: []string{"シート「電話番号」: シートがありません"},
		},
		"missing column": {
			edit: func(b *book) { b.rows["町"][0][b.column("町", "読み")] = "よみ" },
			want: []string{"シート「町」セル C1: 見出し「読み」の列がありません"},
		},
		"renamed id": {
			edit: func(b *book) { b.set("窓口", "legal", "窓口id", "law") },
			want: []string{"シート「窓口」セル B7: 「legal」を「law」に変えることはできません"},
		},
		"duplicate id": {
			edit: func(b *book) {
				b.rows["圏域"] = append(b.rows["圏域"], append([]string{""}, b.rows["圏域"][3][1:]...))
			},
			want: []string{"シート「圏域」セル B9: 「第2」は 4 行目にもあります"},
		},
		"unknown window": {
			edit: func(b *book) { b.set("危険", "suicide", "窓口", "life") },
			want: []string{"シート「危険」セル C3: 窓口「life」はありません"},
		},
		"unknown window in an example": {
			edit: func(b *book) {
				b.set("例文", "隣の畑の境界線をめぐって、塀を建てたいと通知が来た", "タグ", "+land")
			},
			want: []string{"窓口「land」はありません"},
		},
		"wrong date": {
			edit: func(b *book) { b.set("町", "錦町", "丁目を確かめた日", "2026-02-30") },
			want: []string{"シート「町」セル I5: 日付「2026-02-30」が正しくありません"},
		},
		"wrong hour": {
			edit: func(b *book) { b.set("受付時間", "legal", "受付・火", "8:30-25:00") },
			want: []string{"シート「受付時間」セル D7: 時刻「25:00」が正しくありません"},
		},
		"placeholder lost": {
			edit: func(b *book) { b.set("返事", "welcome.privacy", "英語", "Read more") },
			want: []string{"シート「返事」セル E4: {url} がなくなっています"},
		},
		"empty required cell": {
			edit: func(b *book) { b.set("窓口", "legal", "名前（ベトナム語）", "") },
			want: []string{"シート「窓口」セル J7: 「名前（ベトナム語）」が空です"},
		},
		"formula": {
			raw: func(t *testing.T, b []byte) []byte {
				return inside(t, b, "xl/worksheets/sheet15.xml", func(s string) string {
					return strings.Replace(s, `<c r="B3" s="1" t="inlineStr">`, `<c r="B3" s="1" t="inlineStr"><f>A1&amp;"x"</f>`, 1)
				})
			},
			want: []string{"シート「町」セル B3: 数式があります"},
		},
		"merged cells": {
			raw: func(t *testing.T, b []byte) []byte {
				return inside(t, b, "xl/worksheets/sheet15.xml", func(s string) string {
					return strings.Replace(s, `</sheetData>`, `</sheetData><mergeCells count="1"><mergeCell ref="C3:D3"/></mergeCells>`, 1)
				})
			},
			want: []string{"シート「町」セル C3:D3: セルが結合されています"},
		},
		"not a choice": {
			edit: func(b *book) { b.set("窓口", "legal", "種類", "advice") },
			want: []string{"シート「窓口」セル D7: 「advice」は選べません"},
		},
		"a new row of nobody": {
			edit: func(b *book) {
				b.rows["話せること"] = append(b.rows["話せること"], []string{"", "nowhere", "a", "a", "a", "a", "a", "a"})
			},
			want: []string{"窓口「nowhere」はありません"},
		},
		"a file name that leads elsewhere": {
			edit: func(b *book) { b.rows["例文"] = append(b.rows["例文"], []string{"", "../x", "", "あ", ""}) },
			want: []string{"ファイル「../x」は"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := first
			if c.edit != nil {
				o := open(t, first)
				c.edit(o)
				b = o.bytes()
			}
			if c.raw != nil {
				b = c.raw(t, b)
			}
			p := plan(t, small(t), b)
			if len(p.Problems) != len(c.want) {
				t.Fatalf("got %d problems %v, want %d", len(p.Problems), p.Problems, len(c.want))
			}
			for i, want := range c.want {
				if got := p.Problems[i].String(); !strings.Contains(got, want) || !strings.Contains(got, "セル") && name != "missing sheet" {
					t.Errorf("got %s, want %s", got, want)
				}
			}
			if len(p.Files()) != 0 {
				t.Errorf("%d files would change, want none", len(p.Files()))
			}
		})
	}
	for _, b := range [][]byte{[]byte("窓口,名前\n"), nil, first[:len(first)/2]} {
		if _, err := sheet.Import(small(t), b); !errors.Is(err, workbook.ErrNotXLSX) {
			t.Errorf("%d bytes that are no workbook: %v, want ErrNotXLSX", len(b), err)
		}
	}
}
