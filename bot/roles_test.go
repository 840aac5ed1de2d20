package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// TestUnsendTakesAnswerBack: an answer of a form that was taken back is in no
// state and in no application, before and after the roles were shown.
func TestUnsendTakesAnswerBack(t *testing.T) {
	t.Parallel()
	pack, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatalf("load pack: %v %v", err, problems)
	}
	b := bot.New(pack.Content, deaf{})
	role := pack.Content.Opportunities[0].ID
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	play := func(events ...bot.Event) bot.State {
		var s bot.State
		for i, e := range events {
			s, _ = b.Step(s, bot.Input{ID: string(rune('a' + i)), At: at.Add(time.Duration(i) * time.Minute), Event: e})
		}
		return s
	}
	begin := []bot.Event{bot.Tapped{Data: "form:volunteer"}, bot.Tapped{Data: "option:柴崎町"}, bot.Wrote{MessageID: "days", Text: "土曜日"}}
	if s := play(begin...); s.Draft == nil || s.Draft.Answers["days"] != "sat" {
		t.Fatalf("the form did not take the day: %+v", s.Draft)
	}
	s := play(append(begin, bot.Unsent{MessageID: "days"})...)
	if v, there := s.Draft.Answers["days"]; there {
		t.Errorf("the day is still there: %q", v)
	}
	if s.Draft.Answers["town"] == "" {
		t.Error("another answer went too")
	}
	apply := append(begin, bot.Tapped{Data: "apply:" + role})
	day := pack.Content.Replies[bot.Ja]["weekday.sat"]
	if s := play(apply...); !strings.Contains(s.Draft.Summary, day) {
		t.Fatalf("the application lacks %q: %q", day, s.Draft.Summary)
	}
	s = play(append(apply, bot.Unsent{MessageID: "days"})...)
	if s.Draft == nil || s.Draft.Role != role || strings.Contains(s.Draft.Summary, day) {
		t.Errorf("after the message was taken back the application is %+v", s.Draft)
	}
}
