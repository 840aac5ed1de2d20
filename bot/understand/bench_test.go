package understand_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// packModel is the model the repository ships.
var packModel = sync.OnceValues(func() (*understand.Model, error) {
	p, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		return nil, fmt.Errorf("load the pack: %w: %v", err, problems)
	}
	m, ok, err := intents.EmbeddedModel(p)
	if err == nil && !ok {
		err = errors.New("intents/model.bin was trained from other texts: run make train")
	}
	return m, err
})

func model(tb testing.TB) *understand.Model {
	tb.Helper()
	m, err := packModel()
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func BenchmarkUnderstand(b *testing.B) {
	m := model(b)
	for _, bb := range []struct{ name, text string }{
		{"standard", "来月から家賃が払えなくなりそうで、大家さんに相談するのもこわいです"},
		{"kana", "でんきだいが はらえなくて こまっています どこに いけば いいですか"},
		{"learner", "わたし 会社 やめるました お金 ない 子ども 二人 どうする いい"},
		{"romaji", "okane ga nakute komatteimasu, dou sureba ii desu ka"},
		{"english", "My landlord says I have to leave by Friday and I have nowhere to go"},
		{"chinese", "我没有钱交房租，房东让我搬走，怎么办"},
		{"two words", "眠れない"},
		{"rambling", strings.Repeat("先月から夫の帰りが遅くて、私は膝が痛くて病院に通っていて、娘は学校に行きたがらなくて、そのうえ母の物忘れがひどくなってきました。", 5)},
		{"longest", strings.Repeat("父が倒れてから、毎日がめまぐるしくて、何から手をつけていいか分かりません。", 140)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Understand(bb.text, understand.Hint{})
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	data := model(b).Encode()
	b.ReportMetric(float64(len(data)), "bytes")
	b.ResetTimer()
	for b.Loop() {
		if _, err := understand.Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}

// TestWorstInputsAreBounded gives the longest messages LINE takes, made to
// hurt. The bound is loose for busy machines; the benchmark "longest" says
// what it really takes.
func TestWorstInputsAreBounded(t *testing.T) {
	t.Parallel()
	m, err := smallModel()
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range []string{"ア", "ア イ", "abc", "a ", "1", "1 2 ", "漢", "漢字仮名", "🐕🐈", "死にたい", "しにたい", "、。", "が゛", "ー〜", "o'o-", "월", "\xff", "nn'", "死にたい、ごめん"} {
		text := strings.Repeat(piece, 5000/len([]rune(piece)))
		m.Understand(text, understand.Hint{})
		best := time.Hour
		for range 3 {
			start := time.Now()
			m.Understand(text, understand.Hint{})
			best = min(best, time.Since(start))
		}
		t.Logf("%q: %v", piece, best)
		if best > 500*time.Millisecond {
			t.Errorf("5,000 characters of %q took %v", piece, best)
		}
	}
}
