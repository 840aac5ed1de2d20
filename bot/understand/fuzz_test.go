package understand_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// smallModel knows a few windows only; it is trained in a moment.
var smallModel = sync.OnceValues(func() (*understand.Model, error) { return understand.Train(smallPack(), understand.Options{}) })

func smallPack() understand.Pack {
	p := understand.Pack{
		Windows: []understand.WindowInfo{{ID: "housing", Kind: "consultation"}, {ID: "suicide", Kind: "emergency"}, {ID: "garbage", Kind: "information"}},
		Towns:   []understand.Town{{Name: "柏町", Aliases: []string{"かしわちょう", "kashiwa-cho"}}},
		Lexicon: []understand.Concept{{ID: "rent", Words: []string{"家賃", "rent", "월세"}}},
		Cues:    []understand.Cue{{Kind: "suicide", Weight: understand.CueSure, Pattern: "死にたい", At: "cues:1"}, {Weight: understand.CueGuard, Pattern: "アイス", At: "cues:2"}},
	}
	for i, text := range []string{
		"家賃が払えない", "アパートを追い出されます", "やちんが おくれています", "my rent is late", "部屋を借りたい", "大家さんに出てと言われた",
		"もう死にたい", "消えてしまいたい", "しにたいです", "I want to die", "生きるのがつらい", "楽になりたい",
		"燃えるごみは何曜日", "びんを捨てたい", "ごみの ひは いつ", "when is trash day", "粗大ごみの出し方", "ペットボトルの日",
	} {
		e := understand.Example{Text: text, Window: p.Windows[i/6].ID, Voice: "abc"[i%3 : i%3+1]}
		if i/6 == 1 {
			e.Urgent = "suicide"
		}
		p.Examples = append(p.Examples, e)
	}
	return p
}

func TestTrainingIsReproducible(t *testing.T) {
	t.Parallel()
	first, err := smallModel()
	if err != nil {
		t.Fatal(err)
	}
	again, err := understand.Train(smallPack(), understand.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Encode(), again.Encode()) {
		t.Error("the same pack gave two models")
	}
	other, err := understand.Train(smallPack(), understand.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(first.Encode(), other.Encode()) {
		t.Error("the seed changes nothing")
	}
}

func TestTrainRefusesUnknownWindows(t *testing.T) {
	t.Parallel()
	for _, e := range []understand.Example{{Text: "x", Window: "nowhere"}, {Text: "x", Window: "housing", Also: []string{"nowhere"}}, {Text: "x", Urgent: "boredom"}} {
		p := smallPack()
		p.Examples = append(p.Examples, e)
		if _, err := understand.Train(p, understand.Options{}); err == nil {
			t.Errorf("%+v: trained", e)
		}
	}
	if _, err := understand.Train(understand.Pack{}, understand.Options{}); err == nil {
		t.Error("an empty pack: trained")
	}
}

func TestGuardsTakeCuesBack(t *testing.T) {
	t.Parallel()
	m, err := smallModel()
	if err != nil {
		t.Fatal(err)
	}
	if u := m.Understand("シニタイ", understand.Hint{}).Urgency; u.Level != understand.LevelCertain || u.Kind != "suicide" || len(u.Why) == 0 {
		t.Errorf("katakana cue: got %+v", u)
	}
	if u := m.Understand("死にたい", understand.Hint{}).Urgency; u.Level != understand.LevelCertain {
		t.Errorf("cue: got %+v", u)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	m, err := smallModel()
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"家賃が払えない", "もう死にたい", "燃えるごみ", "かしわちょう", "rent"}
	want := make([]understand.Result, len(texts))
	for i, text := range texts {
		want[i] = m.Understand(text, understand.Hint{})
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 200 {
				k := i % len(texts)
				if got := m.Understand(texts[k], understand.Hint{}); got.Windows[0].ID != want[k].Windows[0].ID || got.Windows[0].Score != want[k].Windows[0].Score || got.Urgency.Score != want[k].Urgency.Score {
					t.Errorf("%q: got %+v beside others, want %+v", texts[k], got, want[k])
				}
			}
		})
	}
	wg.Wait()
}

func FuzzUnderstand(f *testing.F) {
	for _, s := range []string{
		"", "家賃が払えない", "た す け て", "shinitai", "tōkyō-cho", "ﾃﾞﾝｷ", "\xff\xfe\x00", "\u202eabc\u202c", "💸💸👨‍👩‍👧", "助̴̢͝け̷̛て̶̀", "ㅠㅠ 월세", "không có tiền",
		"a'b-c''--", "1234567890123", "{\"a\":[1,2]}", "<script>", strings.Repeat("あ", 3000), strings.Repeat("死にたい、", 900), "が゛ぎ゜", "\u3099\u309a", "ー〜〜ーっっっ", "n'n'nn mm tch",
	} {
		f.Add(s)
	}
	m, err := smallModel()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		start := time.Now()
		r := m.Understand(s, understand.Hint{})
		if d := time.Since(start); d > time.Second {
			t.Errorf("%d bytes took %v", len(s), d)
		}
		if len(r.Windows) != 3 || !utf8.ValidString(r.Normalised) {
			t.Errorf("got %+v", r)
		}
		sum := 0.0
		for _, w := range r.Windows {
			if !(w.Score >= 0 && w.Score <= 1) {
				t.Errorf("score %v", w.Score)
			}
			sum += w.Score
		}
		if !(r.Urgency.Score >= 0 && r.Urgency.Score <= 1) || sum == 0 {
			t.Errorf("urgency %v, sum of scores %v", r.Urgency.Score, sum)
		}
		if again := m.Understand(r.Normalised, understand.Hint{}); again.Normalised != r.Normalised && utf8.RuneCountInString(s) < 5000 {
			// Normalising twice must not go on changing the text for ever.
			if third := m.Understand(again.Normalised, understand.Hint{}); third.Normalised != again.Normalised {
				t.Errorf("normalising does not settle: %q, %q, %q", r.Normalised, again.Normalised, third.Normalised)
			}
		}
	})
}

func TestCopiesAreLearnedFrom(t *testing.T) {
	t.Parallel()
	plain, err := smallModel()
	if err != nil {
		t.Fatal(err)
	}
	copied, err := understand.Train(smallPack(), understand.Options{Copies: 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(copied.Encode()) <= len(plain.Encode()) {
		t.Error("hiragana copies brought no features of their own")
	}
}
