package faq

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// large is 1,800 entries with answers of several sentences: the size of a real
// city's FAQ.
func large() []Entry {
	entries, err := ParsePairs(file("pairs.tsv"))
	if err != nil {
		panic(err)
	}
	var list []Entry
	for i := 0; len(list) < 1800; i++ {
		e, other, third := entries[i%len(entries)], entries[(i*7+i/len(entries)*13+1)%len(entries)], entries[(i*11+5)%len(entries)]
		e.ID = fmt.Sprint(i)
		e.Answer += "\n" + other.Answer + third.Answer + other.Question
		list = append(list, e)
	}
	return list
}

func BenchmarkBuild(b *testing.B) {
	entries, rules := large(), civic()
	for b.Loop() {
		if _, err := Build(entries, rules); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	x, err := Build(large(), civic())
	if err != nil {
		b.Fatal(err)
	}
	for _, set := range []string{"queries.tsv", "queries.kana.tsv"} {
		asked := questions(b, set)
		b.Run(strings.TrimSuffix(set, ".tsv"), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				x.Search(asked[i%len(asked)].Query, 10)
			}
		})
	}
	for name, text := range map[string]string{"longest": strings.Repeat("ひっこしてきたのでじゅうみんひょう", 300), "long-kanji": strings.Repeat("引っ越したので住民票がほしい。", 300)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				x.Search(text, 10)
			}
		})
	}
}

func FuzzSearch(f *testing.F) {
	x := cityIndex(f)
	for _, s := range []string{"", "ごみ", "じゅみんひょ ほしい", "hikkoshi shimashita", "\xff\xfe", "🏠🏠", "ーーーっっっ", "ｺﾞﾐ", "' OR 1=1 --", strings.Repeat("あ", 5000), "{\"a\":1}", "住\u0301民\u202e票", "1234567890", "ﾊﾟ゜゛"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		hits := x.Search(text, 5)
		if len(hits) > 5 {
			t.Fatalf("%d hits, want at most 5", len(hits))
		}
		for i, h := range hits {
			if i > 0 && h.Score > hits[i-1].Score {
				t.Fatalf("hit %d scores more than the one before", i)
			}
			if h.Score <= 0 || h.Score > 3 || h.Sure < 0 || h.Sure > 1 || h.Score != h.Score {
				t.Fatalf("hit %d has score %v, sure %v", i, h.Score, h.Sure)
			}
			for _, w := range h.Why {
				if !utf8.ValidString(w.Said) {
					t.Fatalf("reason %q is not UTF-8", w.Said)
				}
			}
		}
	})
}
