package bot_test

import (
	"encoding/json"
	"fmt"
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
	last := due(effects)
	if len(last) != 1 || last[0].Format("2006-01-02") != "2026-12-01" || strings.Contains(words(s), "ことば") || !strings.Contains(words(s), "clarified") {
		t.Fatalf("what they were counted for stays until the month is over: due times %v, state %s", last, words(s))
	}
	s, effects = b.Step(s, bot.Input{ID: "5", At: last[0], Event: bot.Reminded{Key: "forget"}})
	if len(effects) != 0 || strings.Contains(words(s), "clarified") || strings.Contains(words(s), "ことば") || !s.ForgetAt.IsZero() {
		t.Errorf("effects %v, state %s; want nothing left", effects, words(s))
	}
}

// TestCountedOncePerMonth: figures are of people. Who says the same twice in a
// month is counted once, and again in the next; of somebody who may be watched
// nothing is kept to know it by.
func TestCountedOncePerMonth(t *testing.T) {
	t.Parallel()
	b := bot.New(pack(t), silent{})
	first := func(effects []bot.Effect) (n int) {
		for _, e := range effects {
			if c, ok := e.(bot.Count); ok && c.What == "clarified" && c.First {
				n++
			}
		}
		return n
	}
	s := bot.State{}
	for i, x := range []struct {
		at   time.Time
		want int
	}{{tuesday, 1}, {tuesday.Add(time.Hour), 0}, {tuesday.AddDate(0, 0, 3), 0}, {tuesday.AddDate(0, 1, 0), 1}, {tuesday.AddDate(0, 1, 1), 0}} {
		var effects []bot.Effect
		s, effects = b.Step(s, bot.Input{ID: fmt.Sprint(i), At: x.at, Event: bot.Wrote{MessageID: fmt.Sprint(i), Text: "ことば"}})
		if got := first(effects); got != x.want {
			t.Errorf("message %d: counted %d times, want %d", i, got, x.want)
		}
	}
	s.Quiet = true
	if kept := s.Bare(); len(kept.Counted.What) != 0 {
		t.Errorf("kept of somebody who may be watched: %v", kept.Counted)
	}
}
