package intents

import (
	"encoding/csv"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot/plain"
)

// medianMost is the longest the middle sentence of the pack may be, in
// characters without furigana and blanks.
const medianMost = 24

// TestEasyJapanese holds every text in easy Japanese to the rules: no breach
// without a reason in plain/reasons.tsv, no reason without a breach, and the
// middle sentence short.
func TestEasyJapanese(t *testing.T) {
	t.Parallel()
	p, err := Plain(files)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := EasyTexts(files)
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) < 700 {
		t.Errorf("%d texts found, want at least 700", len(texts))
	}
	reasons := readReasons(t)
	used := map[string]bool{}
	var lengths []int
	for _, x := range texts {
		r := p.Check(x.Text, plain.Options{Kind: x.Kind()})
		if x.Kind() == plain.Message {
			lengths = append(lengths, r.Lengths...)
		}
		for _, f := range r.Findings {
			key := x.File + "\t" + x.Key + "\t" + f.Rule
			if reasons[key] == "" {
				t.Errorf("%s:%d %s: %s %s: %s → %s", x.File, x.Line, x.Key, f.Rule, f.Words, f.What, f.Suggestion)
			}
			used[key] = true
		}
	}
	for key := range reasons {
		if !used[key] {
			t.Errorf("plain/reasons.tsv: %q is not needed any more", key)
		}
	}
	slices.Sort(lengths)
	median := lengths[len(lengths)/2]
	t.Logf("%d texts, %d sentences, median %d characters, longest %d", len(texts), len(lengths), median, lengths[len(lengths)-1])
	if median > medianMost {
		t.Errorf("the middle sentence has %d characters, want at most %d", median, medianMost)
	}
}

func readReasons(t *testing.T) map[string]string {
	t.Helper()
	b, err := fs.ReadFile(files, "plain/reasons.tsv")
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(string(b)))
	r.Comma, r.Comment, r.FieldsPerRecord, r.LazyQuotes = '\t', '#', 4, true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for _, row := range rows[1:] {
		if strings.TrimSpace(row[3]) == "" {
			t.Errorf("plain/reasons.tsv: %v has no reason", row)
		}
		reasons[strings.Join(row[:3], "\t")] = row[3]
	}
	return reasons
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
