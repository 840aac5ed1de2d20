package sheet_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/check"
)

// TestChange edits every kind of file and looks at the very lines that change.
func TestChange(t *testing.T) {
	t.Parallel()
	first := export(t, small(t))
	six := func(cells map[string]string, head, word string) map[string]string {
		for _, l := range []string{"日本語", "やさしい日本語", "英語", "中国語", "韓国語", "ベトナム語"} {
			if head == "" {
				cells[l] = word
			} else {
				cells[head+"（"+l+"）"] = word
			}
		}
		return cells
	}
	for name, c := range map[string]struct {
		edit func(*book)
		want map[string][]string
	}{
		"a sentence and a mark": {
			func(b *book) {
				b.set("窓口", "legal", "名前（英語）", "Legal advice: rights")
				b.set("窓口", "legal", "読んだ日", "2026-11-20")
			},
			map[string][]string{"windows/legal.yaml": nil},
		},
		"one value": {
			func(b *book) { b.set("窓口", "legal", "名前（英語）", "Legal advice: rights") },
			map[string][]string{"windows/legal.yaml": {"-  en: Legal and human-rights advice", `+  en: "Legal advice: rights"`}},
		},
		"a list in lines": {
			func(b *book) { b.set("窓口", "legal", "近い窓口", "consumer\nhousing\ndv\nforeigner") },
			map[string][]string{"windows/legal.yaml": {"-  - self-reliance", "+  - housing"}},
		},
		"a list in brackets": {
			func(b *book) { b.set("危険", "suicide", "電話番号", "0120-279-338\n119") },
			map[string][]string{"dangers.yaml": {`-  numbers: ["0120-279-338", "0120-783-556", "119"]`, `+  numbers: ["0120-279-338", "119"]`}},
		},
		"a table in brackets": {
			func(b *book) { b.set("危険の言葉", "遺書を書", "重さ", "hint") },
			map[string][]string{"cues.yaml": {`-- {kind: "suicide", weight: sure, pattern: "遺書を書"}`, `+- {kind: "suicide", weight: hint, pattern: "遺書を書"}`}},
		},
		"hours of a new table": {
			func(b *book) {
				i := b.row("受付時間", "legal")
				b.rows["受付時間"][i][b.column("受付時間", "受付・月")] = "8:30〜12:00、13:00-17:15"
				b.rows["受付時間"][i][b.column("受付時間", "受付・特別な日")] = "2026-12-28　休み"
			},
			map[string][]string{"windows/legal.yaml": {"+hours:", "+  week:", `+    mon: [{from: "08:30", to: "12:00"}, {from: "13:00", to: "17:15"}]`, "+  except:", `+    "2026-12-28": []`}},
		},
		"a reply of several lines": {
			func(b *book) { b.set("返事", "welcome.back", "英語", "Welcome back.\nWrite anything: we read it.") },
			map[string][]string{"replies/en.yaml": {"-welcome.back: Welcome back. Write to us about anything.", "+welcome.back: |-", "+  Welcome back.", "+  Write anything: we read it."}},
		},
		"a new reply": {
			func(b *book) {
				b.add("返事", "welcome.back", six(map[string]string{"キー": "welcome.again"}, "", "ようこそ"))
			},
			map[string][]string{
				"replies/ja.yaml": {"+welcome.again: ようこそ"}, "replies/ja-easy.yaml": {"+welcome.again: ようこそ"}, "replies/en.yaml": {"+welcome.again: ようこそ"},
				"replies/zh.yaml": {"+welcome.again: ようこそ"}, "replies/ko.yaml": {"+welcome.again: ようこそ"}, "replies/vi.yaml": {"+welcome.again: ようこそ"},
			},
		},
		"examples": {
			func(b *book) {
				b.add("例文", "離婚の話し合いが進まない。夫が養育費の約束を文書にしない", map[string]string{"ファイル": "legal", "文": "遺産の\n話", "タグ": "@other"})
				b.remove("例文", "母の遺言書が見つかったのですが、私の名前がありません。最低限はもらえる？")
				b.set("例文", "隣の畑の境界線をめぐって、塀を建てたいと通知が来た", "タグ", "+housing")
			},
			map[string][]string{"examples/legal.txt": nil},
		},
		"a new hotline": {
			func(b *book) {
				b.add("電話番号", "0570-078374", six(six(map[string]string{"番号": "03-0000-0000", "窓口": "legal", "確かめた日": "no"}, "名前", "見本"), "どんなとき", "いつ"))
			},
			map[string][]string{"hotlines.yaml": {
				`+- number: "03-0000-0000"`, "+  name:", "+    ja: 見本", "+    ja-easy: 見本", "+    en: 見本", "+    zh: 見本", "+    ko: 見本", "+    vi: 見本",
				"+  for:", "+    ja: いつ", "+    ja-easy: いつ", "+    en: いつ", "+    zh: いつ", "+    ko: いつ", "+    vi: いつ", "+  windows: [legal]", `+  verified: "no"`, "+",
			}},
		},
		"a hotline that goes": {
			func(b *book) { b.remove("電話番号", "0570-078374") },
			map[string][]string{"hotlines.yaml": nil},
		},
		"the first confirmation": {
			func(b *book) {
				b.rows["翻訳の確認"] = append(b.rows["翻訳の確認"], []string{"", "windows/legal.yaml", "vi", "通訳の人", "2026-11-01", "01234567"})
			},
			map[string][]string{"translations.yaml": {"-[]", "+- file: windows/legal.yaml", "+  lang: vi", "+  by: 通訳の人", `+  on: "2026-11-01"`, `+  of: "01234567"`}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t, first)
			c.edit(b)
			p := clean(t, small(t), b.bytes())
			got := changed(t, p)
			for file, lines := range c.want {
				if lines == nil {
					if len(got[file]) == 0 {
						t.Errorf("%s does not change", file)
					}
					continue
				}
				if d := cmp.Diff(lines, got[file]); d != "" {
					t.Errorf("%s (-want +got):\n%s", file, d)
				}
			}
			if len(got) != len(c.want) {
				t.Errorf("%d files change, want %d: %v", len(got), len(c.want), got)
			}
			over, err := p.Over(small(t))
			if err != nil {
				t.Fatal(err)
			}
			if again := clean(t, over, export(t, over)); len(again.Files()) != 0 {
				t.Errorf("the changed pack does not come back as it is")
			}
		})
	}
}

// TestNewWindow adds a window with everything that belongs to one.
func TestNewWindow(t *testing.T) {
	t.Parallel()
	b := open(t, export(t, small(t)))
	like := slices.Clone(b.rows["窓口"][b.row("窓口", "legal")])
	like[0], like[b.column("窓口", "窓口id")], like[b.column("窓口", "順番")] = "", "lonely", "61"
	b.rows["窓口"] = append(b.rows["窓口"], like)
	for range 3 {
		can := slices.Clone(b.rows["話せること"][b.row("話せること", "legal")])
		can[0], can[1] = "", "lonely"
		b.rows["話せること"] = append(b.rows["話せること"], can)
	}
	b.rows["連絡先"] = append(b.rows["連絡先"], []string{"", "lonely", "phone", "042-000-0000", "窓", "窓", "Desk", "窗", "창", "Quầy", "", "見本", "no"})
	hours := slices.Clone(b.rows["受付時間"][2])
	for i := range hours {
		hours[i] = ""
	}
	hours[1], hours[b.column("受付時間", "受付・火")], hours[b.column("受付時間", "受付・出典")], hours[b.column("受付時間", "受付・確かめた日")] = "lonely", "09:00-17:00", "見本", "no"
	b.rows["受付時間"] = append(b.rows["受付時間"], hours)
	for _, s := range []string{"話し相手がほしくて毎日長い", "だれとも話さない一週間でした"} {
		b.rows["例文"] = append(b.rows["例文"], []string{"", "lonely", "", s, ""})
	}
	p := clean(t, small(t), b.bytes())
	files := p.Files()
	if files["windows/lonely.yaml"] == nil || files["examples/lonely.txt"] == nil || len(files) != 2 {
		t.Fatalf("files changed: %d, want the window and its examples", len(files))
	}
	for _, want := range []string{"id: lonely\n", "  - ja: ", "    value: \"042-000-0000\"\n", "    tue: [{from: \"09:00\", to: \"17:00\"}]\n"} {
		if !strings.Contains(*files["windows/lonely.yaml"], want) {
			t.Errorf("the window has no %q:\n%s", want, *files["windows/lonely.yaml"])
		}
	}
	over, err := p.Over(small(t))
	if err != nil {
		t.Fatal(err)
	}
	pack, problems, err := intents.Load(over)
	if err != nil {
		t.Fatal(problems)
	}
	w := pack.Content.Window("lonely")
	if w == nil || len(w.Can) != 3 || len(w.Contacts) != 1 || w.Hours == nil || w.Team != "rights" {
		t.Errorf("the window was read as %+v", w)
	}
	for _, f := range check.Pack(over, check.Options{}).Findings {
		if f.Level == check.Error && strings.Contains(f.File, "lonely") && f.Line == 0 {
			t.Error(f)
		}
	}
}

// TestPackChangedMeanwhile: what others changed since the export is kept, and
// two people who changed the same row are told.
func TestPackChangedMeanwhile(t *testing.T) {
	t.Parallel()
	first := export(t, small(t))
	b := open(t, first)
	b.set("窓口", "legal", "名前（英語）", "Others changed this")
	b.remove("電話番号", "0570-078374")
	now, err := clean(t, small(t), b.bytes()).Over(small(t))
	if err != nil {
		t.Fatal(err)
	}

	mine := open(t, first)
	mine.set("窓口", "housing", "名前（英語）", "I changed that")
	p := plan(t, now, mine.bytes())
	if len(p.Problems) > 0 || len(p.Changes) != 1 || p.Files()["windows/housing.yaml"] == nil {
		t.Errorf("another row: problems %v, changes %v, want the one change", p.Problems, p.Changes)
	}
	mine.set("窓口", "legal", "名前（英語）", "I changed this too")
	p = plan(t, now, mine.bytes())
	if len(p.Problems) != 1 || !strings.Contains(p.Problems[0].String(), "元のファイルでも変わりました（windows/legal.yaml:1）") {
		t.Errorf("the same row: problems %v, want one that names the file", p.Problems)
	}
	mine = open(t, first)
	mine.remove("電話番号", "0120-279-338")
	if p = plan(t, now, mine.bytes()); len(p.Files()) != 0 || len(p.Notes) == 0 {
		t.Errorf("a row gone from an old workbook: %d files change, %d notes; want none and a note", len(p.Files()), len(p.Notes))
	}
	if _, err := fs.Stat(now, "hotlines.yaml"); err != nil {
		t.Error(err)
	}
}
