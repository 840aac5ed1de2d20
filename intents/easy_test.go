package intents

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// medianMost is the longest the middle sentence of the pack may be, in
// characters without furigana and blanks.
const medianMost = 24

// TestEasyJapanese holds every text in easy Japanese to the rules: no breach
// without a reason in plain/reasons.tsv, no reason without a breach, and the
// middle sentence short.
func TestEasyJapanese(t *testing.T) {
	t.Parallel()
	problems, lengths, err := EasyJapanese(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	if len(lengths) < 600 {
		t.Fatalf("%d sentences found, want at least 600", len(lengths))
	}
	slices.Sort(lengths)
	median := lengths[len(lengths)/2]
	t.Logf("%d sentences, median %d characters, longest %d", len(lengths), median, lengths[len(lengths)-1])
	if median > medianMost {
		t.Errorf("the middle sentence has %d characters, want at most %d", median, medianMost)
	}
}

// TestEasyJapaneseFinds breaks a pack in each way and wants it named with its
// line.
func TestEasyJapaneseFinds(t *testing.T) {
	t.Parallel()
	dir := fstest.MapFS{
		"replies/ja-easy.yaml": {Data: []byte("# 文\nhello: こんにちは。\nbad: |-\n  いいです。\n  申請（しんせい）して ください。\nkept: 提出（ていしゅつ）して ください。\n")},
		"windows/a.yaml":       {Data: []byte("name:\n  ja: 家\n  ja-easy: 家\ncan:\n  - ja: 何\n    ja-easy: 何（なに）が ありますか\n")},
		"forms/a.yaml":         {Data: []byte("id: a\n")},
		"a.yaml":               {Data: []byte("id: a\n")},
	}
	for _, name := range []string{"hard-words.tsv", "words.tsv", "readings.tsv", "kanji-grades.tsv"} {
		b, err := fs.ReadFile(files, "plain/"+name)
		if err != nil {
			t.Fatal(err)
		}
		dir["plain/"+name] = &fstest.MapFile{Data: b}
	}
	dir["plain/reasons.tsv"] = &fstest.MapFile{Data: []byte("file\tkey\trule\twhy\nreplies/ja-easy.yaml\tkept\tR12\tit is a name\nreplies/ja-easy.yaml\thello\tR12\tno need\nshort\tline\n")}
	problems, _, err := EasyJapanese(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%s:%d", p.File, p.Line))
	}
	want := []string{"plain/reasons.tsv:3", "plain/reasons.tsv:4", "replies/ja-easy.yaml:5", "windows/a.yaml:3"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v\n%v", got, want, problems)
	}
}

// TestFuriganaOfThePack reads every text anew and compares: what a program
// reads with certainty must be what stands there.
func TestFuriganaOfThePack(t *testing.T) {
	t.Parallel()
	p, err := Plain(files)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := EasyTexts(files)
	if err != nil {
		t.Fatal(err)
	}
	given, same := 0, 0
	for _, x := range texts {
		for _, s := range p.Read(x.Text) {
			if s.Reading != "" {
				given++
			}
		}
		bare := &strings.Builder{}
		for _, s := range p.Read(x.Text) {
			bare.WriteString(s.Text)
		}
		if p.Furigana(bare.String()) == x.Text {
			same++
		}
	}
	t.Logf("%d pieces of furigana; %d of %d texts read the same by themselves", given, same, len(texts))
	if given < 1400 || same < len(texts)*97/100 {
		t.Errorf("got %d pieces and %d texts the same, want 1,400 and 97 in 100", given, same)
	}
}
