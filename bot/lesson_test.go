package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// allowed plays a wrong answer, the choice of another window and a yes from a
// state, and returns what was proposed.
func allowed(t *testing.T, s bot.State, said, right string) []bot.ProposeExample {
	t.Helper()
	b := embedded(t)
	at := time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	var proposed []bot.ProposeExample
	for i, e := range []bot.Event{
		bot.Wrote{MessageID: "1", Text: said}, bot.Tapped{Data: "wrong"}, bot.Tapped{Data: "window:" + right}, bot.Tapped{Data: "lesson:yes"},
	} {
		var effects []bot.Effect
		s, effects = b.Step(s, bot.Input{ID: string(rune('a' + i)), At: at.Add(time.Duration(i) * time.Second), Event: e})
		for _, x := range effects {
			if p, ok := x.(bot.ProposeExample); ok {
				proposed = append(proposed, p)
			}
		}
	}
	return proposed
}

const (
	forgetful = "母の物忘れがひどくて心配です"
	long      = "去年の春に父がたおれてから、仕事のあと毎日病院に寄って、母の食事を作って、弟の学校の手紙を読んで、気づけば夜中になっています。"
)

func TestWhoseWordsMayBeProposed(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 0, 30, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		state       bot.State
		said, right string
		want        int
	}{
		"a wrong answer":             {bot.State{}, forgetful, "donation", 1},
		"said no before":             {bot.State{Lesson: bot.Lesson{No: true}}, forgetful, "donation", 0},
		"was in danger just now":     {bot.State{Danger: "suicide", DangerAt: now, LastAt: now}, forgetful, "donation", 0},
		"staff look on":              {bot.State{Watch: "c-1", LastAt: now}, forgetful, "donation", 0},
		"the window is DV's":         {bot.State{}, forgetful, "dv", 0},
		"the window is suicide's":    {bot.State{}, forgetful, "suicide", 0},
		"the window is a child's":    {bot.State{}, forgetful, "child-abuse", 0},
		"sexual violence":            {bot.State{}, forgetful, "sexual-violence", 0},
		"the answer was right":       {bot.State{}, forgetful, "elder-care", 0},
		"long enough to tell a life": {bot.State{}, strings.Repeat(long, 6), "donation", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := allowed(t, c.state, c.said, c.right)
			if len(got) != c.want {
				t.Fatalf("proposed %+v, want %d", got, c.want)
			}
			if c.want == 1 {
				want := bot.ProposeExample{Text: forgetful, Shown: "elder-care", Right: "donation", Lang: bot.Ja, Why: bot.ByResident}
				if got[0] != want {
					t.Errorf("proposed %+v, want %+v", got[0], want)
				}
			}
		})
	}
}

// TestConsentIsInEveryLanguage: nobody is asked in a language they did not
// choose, and each says that a person looks first.
func TestConsentIsInEveryLanguage(t *testing.T) {
	t.Parallel()
	c := embedded(t).Content()
	for _, l := range bot.Langs {
		for _, key := range []string{"lesson.ask", "lesson.yes", "lesson.no", "choice.lesson.yes", "choice.lesson.no"} {
			if c.Replies[l][key] == "" {
				t.Errorf("%s has no %s", l, key)
			}
		}
		if yes := c.Replies[l]["choice.lesson.yes"]; l != bot.EasyJa && !strings.Contains(c.Replies[l]["privacy.page"], yes) {
			t.Errorf("%s: the privacy page does not tell what %q means", l, yes)
		}
		for _, key := range []string{"choice.lesson.yes", "choice.lesson.no"} {
			if n := len([]rune(c.Replies[l][key])); n > 20 {
				t.Errorf("%s: %s has %d characters, want at most 20", l, key, n)
			}
		}
	}
}
