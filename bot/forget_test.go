package bot_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// TestWordsLapseByThemselves: what a resident wrote and did not pass on goes
// also when they never write again, and not before it lapses.
func TestWordsLapseByThemselves(t *testing.T) {
	t.Parallel()
	b := bot.New(pack(t), silent{})
	at := tuesday
	due := func(effects []bot.Effect) (times []time.Time) {
		for _, e := range effects {
			if l, ok := e.(bot.Later); ok && l.Key == "forget" {
				times = append(times, l.At)
			}
		}
		return times
	}
	words := func(s bot.State) string {
		raw, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	s, effects := b.Step(bot.State{}, bot.Input{ID: "1", At: at, Event: bot.Wrote{MessageID: "1", Text: "ひみつのことば"}})
	first := due(effects)
	if len(first) != 1 || !strings.Contains(words(s), "ひみつ") {
		t.Fatalf("due times %v with the state %s; want one, and the words", first, words(s))
	}
	s, effects = b.Step(s, bot.Input{ID: "2", At: at.Add(8 * time.Hour), Event: bot.Wrote{MessageID: "2", Text: "あとのことば"}})
	if again := due(effects); len(again) != 0 {
		t.Errorf("a second due time %v beside the first", again)
	}
	s, effects = b.Step(s, bot.Input{ID: "3", At: first[0], Event: bot.Reminded{Key: "forget"}})
	second := due(effects)
	if len(second) != 1 || !strings.Contains(words(s), "あとのことば") {
		t.Fatalf("they wrote since: due times %v, state %s; want one more, and the words", second, words(s))
	}
	s, effects = b.Step(s, bot.Input{ID: "4", At: second[0], Event: bot.Reminded{Key: "forget"}})
	if len(effects) != 0 || strings.Contains(words(s), "ことば") || !s.ForgetAt.IsZero() {
		t.Errorf("effects %v, state %s; want nothing left", effects, words(s))
	}
}
