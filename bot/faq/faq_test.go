package faq

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStems(t *testing.T) {
	t.Parallel()
	r, err := newReader()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"家賃を払えない":                          "やちん はらえ",
		"支払いと申し込み":                         "しはらい もうしこみ",
		"申し込んだ":                            "もうしこみ",
		"引っ越した":                            "ひっこし",
		"子どもを預ける":                          "こども あずけ",
		"高い保険料":                            "たか ほけん りょう",
		"188に電話":                           "188 でんわ",
		"where can i throw away old sofas": "throw away old sofa",
	} {
		if got := strings.Join(contentReads(r.read(text)), " "); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestLattice(t *testing.T) {
	t.Parallel()
	x, err := Build([]Entry{
		{ID: "1", Question: "住民票の写しを取るには", Answer: "窓口で交付します。"},
		{ID: "2", Question: "保育園の入所を申し込みたい", Answer: "保育課へ。"},
		{ID: "3", Question: "公園の遊具が壊れている", Answer: "連絡してください。"},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"じゅうみんひょうをとりたい": "住民 票 取り",
		"ほいくえんにもうしこんだ":  "保育園 申し込ん",
		"こうえんのゆうぐがこわれた": "公園 遊具 壊れ",
		"じゅみんひょの ことです":  "住民 票",
		"こえんのゆぐ":        "公園 遊具",
	} {
		var got []string
		for _, w := range x.lattice.read(text) {
			if w.content && !allKana(w.surface) {
				got = append(got, w.surface)
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: got %q, want %q", text, s, want)
		}
	}
}

func TestLexicon(t *testing.T) {
	t.Parallel()
	r, err := newReader()
	if err != nil {
		t.Fatal(err)
	}
	l := newLexicon(r, []Rule{
		{Say: []string{"引っ越す", "moving"}, Means: []string{"転入届", "転出"}},
		{Say: []string{"家賃が払えない"}, Means: []string{"住居確保給付金"}},
		{Say: []string{"いつから"}, Means: []string{"開始"}}, // nothing to go by
	})
	for text, want := range map[string][]string{
		"来週引っ越しました":     {"転入届", "転出"},
		"家賃がもう払えない":     {"住居確保給付金"},
		"家賃を払える":        nil,
		"転入しました":        nil, // directional
		"いつから":          nil,
		"we are moving": {"転入届", "転出"},
	} {
		var got []string
		for _, a := range l.expand(counting(r.read(text))) {
			got = append(got, a.text)
			if a.weight > addedWeight {
				t.Errorf("%s: %s weighs %v, want at most %v", text, a.text, a.weight, addedWeight)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestSearchIsDeterministic(t *testing.T) {
	t.Parallel()
	a := cityIndex(t)
	b, err := Build(a.entries, civic())
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range questions(t, "unseen.tsv")[:30] {
		if diff := cmp.Diff(a.Search(q.Query, 5), b.Search(q.Query, 5)); diff != "" {
			t.Fatalf("%s: two indexes of the same entries differ:\n%s", q.Query, diff)
		}
	}
}

func TestSearchEdges(t *testing.T) {
	t.Parallel()
	none, err := Build(nil, civic())
	if err != nil {
		t.Fatal(err)
	}
	one, err := Build([]Entry{{ID: "1", Question: "ごみの日", Answer: "月曜"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]int{
		"no entries":      len(none.Search("ごみ", 3)),
		"no hits wanted":  len(one.Search("ごみ", 0)),
		"nothing asked":   len(one.Search("", 3)),
		"nothing in it":   len(one.Search("!!! 😀", 3)),
		"only stop words": len(one.Search("どこですか", 3)),
	} {
		if got != 0 {
			t.Errorf("%s: got %d hits, want none", name, got)
		}
	}
	hits := one.Search("ごみの日はいつですか", 3)
	if len(hits) != 1 || hits[0].ID != "1" || len(hits[0].Why) == 0 || hits[0].Why[0].Found == "" {
		t.Errorf("got %+v, want entry 1 with the words it was found by", hits)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	pairs, err := ParsePairs("\ufeffid\tquestion\tanswer\r\n1\tいつ?\t今\tあと\r\n\r\n2\tどこ?\r\n")
	if err != nil || len(pairs) != 2 || pairs[0].Answer != "今 あと" || pairs[1].ID != "2" {
		t.Errorf("got %+v, %v; want two pairs", pairs, err)
	}
	asked, err := ParseAsked("q1\tいつ?\t1, 2\n")
	if err != nil || len(asked) != 1 || !slices.Equal(asked[0].Relevant, []string{"1", "2"}) {
		t.Errorf("got %+v, %v; want one question without a header line", asked, err)
	}
	for _, bad := range []string{"", "1\n", "1\tq\ta\n1\tq\ta\n"} {
		if _, err := ParsePairs(bad); err == nil {
			t.Errorf("ParsePairs(%q): got no error, want one", bad)
		}
	}
	for _, bad := range []string{"", "q\tx\n", "q\tx\t,\n"} {
		if _, err := ParseAsked(bad); err == nil {
			t.Errorf("ParseAsked(%q): got no error, want one", bad)
		}
	}
}

func TestIsQuestion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"ごみの日はいつですか": true, "住民票とは": true, "おしえて ごみの ひ": true, "what is a pantry": true, "dare ga yomimasu ka": true,
		"家賃が払えない": false, "母が転びました": false, "I lost my job": false, "": false,
	} {
		if got := IsQuestion(text); got != want {
			t.Errorf("IsQuestion(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestWithoutFurigana(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"住（す）む ところの そうだん":         "住むところのそうだん",
		"救急車（きゅうきゅうしゃ）を よぶ":       "救急車をよぶ",
		"Who reads what I write?": "Who reads what I write?",
	} {
		if got := WithoutFurigana(in); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
