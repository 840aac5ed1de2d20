package faq

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// city is the invented city of testdata with the pack's civic lexicon; it is
// built once for all tests.
var city = sync.OnceValues(func() (*Index, error) {
	entries, err := ParsePairs(file("pairs.tsv"))
	if err != nil {
		return nil, err
	}
	return Build(entries, civic())
})

func cityIndex(t testing.TB) *Index {
	t.Helper()
	x, err := city()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func file(name string) string {
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// civic reads the pack's lexicon without package intents, which imports bot.
func civic() []Rule {
	b, err := os.ReadFile("../../intents/civic.yaml")
	if err != nil {
		panic(err)
	}
	var rules []Rule
	for line := range strings.SplitSeq(string(b), "\n") {
		say, means, ok := strings.Cut(line, ": ")
		if ok && !strings.HasPrefix(line, "#") {
			rules = append(rules, Rule{Say: strings.Split(say, ","), Means: strings.Split(means, ",")})
		}
	}
	return rules
}

func questions(t testing.TB, name string) []Asked {
	t.Helper()
	list, err := ParseAsked(file(name))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestRecall keeps the figures of docs/understanding-faq.md from falling.
func TestRecall(t *testing.T) {
	t.Parallel()
	x := cityIndex(t)
	for _, want := range []struct {
		file         string
		recall, hit1 float64
	}{
		{"queries.tsv", .95, .78}, {"queries.kana.tsv", .89, .68},
		{"fresh.tsv", .95, .62}, {"fresh.kana.tsv", .94, .58},
		{"unseen.tsv", .78, .43}, {"unseen.kana.tsv", .70, .36},
	} {
		f := Measure(x, questions(t, want.file))
		if f.Recall < want.recall || f.Hit1 < want.hit1 {
			t.Errorf("%s: recall %.3f, right first %.3f, want at least %.2f and %.2f", want.file, f.Recall, f.Hit1, want.recall, want.hit1)
		}
	}
}

// TestAnswers asks every question twice: with all entries, and with its
// answers taken away, when every answer is wrong.
func TestAnswers(t *testing.T) {
	t.Parallel()
	whole := cityIndex(t)
	all := slices.Concat(questions(t, "queries.tsv"), questions(t, "queries.kana.tsv"), questions(t, "fresh.tsv"), questions(t, "unseen.tsv"), questions(t, "unseen.kana.tsv"))
	answered, wrong := 0, 0
	for half := range 3 {
		x := whole
		var asked []Asked
		gone := make(map[string]bool)
		for i, a := range all {
			if half == 2 || i%2 == half {
				asked = append(asked, a)
				for _, id := range a.Relevant {
					gone[id] = half < 2
				}
			}
		}
		if half < 2 {
			var left []Entry
			for _, e := range whole.entries {
				if !gone[e.ID] {
					left = append(left, e)
				}
			}
			var err error
			if x, err = Build(left, civic()); err != nil {
				t.Fatal(err)
			}
		}
		f := Measure(x, asked)
		answered, wrong = answered+f.Answered, wrong+f.Wrong
	}
	t.Logf("%d answered, %d wrong", answered, wrong)
	if answered < 5 || wrong*20 > answered {
		t.Errorf("%d of %d answers were wrong, want at most one in twenty of at least 5", wrong, answered)
	}
}

// TestSameEntry: however a question is written, the same entry is found.
func TestSameEntry(t *testing.T) {
	t.Parallel()
	x := cityIndex(t)
	for want, ways := range map[string][]string{
		"ju04": {"住民票がほしい", "じゅうみんひょうが ほしい", "じゅみんひょ ほしい", "juuminhyou ga hoshii", "ジュウミンヒョウガホシイ"},
		"in01": {"印鑑登録をしたい", "いんかんとうろくを したい", "inkan touroku wo shitai"},
		"go02": {"粗大ごみを出したい", "そだいごみを だしたい", "ソファを捨てたい", "そふぁを すてたい", "How can I throw away a sofa?"},
		"ho01": {"保育園に入りたい", "ほいくえんに はいりたい", "hoikuen ni hairitai", "I am looking for a nursery school"},
	} {
		for _, q := range ways {
			hits := x.Search(q, 6)
			if !slices.ContainsFunc(hits, func(h Hit) bool { return h.ID == want }) {
				t.Errorf("%q: got %v, want %s among them", q, ids(hits), want)
			}
		}
	}
}

func ids(hits []Hit) []string {
	list := make([]string, len(hits))
	for i, h := range hits {
		list[i] = h.ID
	}
	return list
}
