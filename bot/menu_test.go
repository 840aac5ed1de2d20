package bot_test

import (
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// deaf understands nothing: menus do not follow from words.
type deaf struct{}

func (deaf) Understand(string, understand.Hint) understand.Result { return understand.Result{} }

func menuBot(t *testing.T) *bot.Bot {
	t.Helper()
	pack, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatalf("load pack: %v %v", err, problems)
	}
	return bot.New(pack.Content, deaf{})
}

func shown(effects []bot.Effect) string {
	for _, e := range effects {
		if m, ok := e.(bot.ShowMenu); ok {
			return m.Name
		}
	}
	return ""
}

// TestMenuFollows shows when another menu comes, and that none comes twice.
func TestMenuFollows(t *testing.T) {
	t.Parallel()
	b := menuBot(t)
	open := &bot.CaseView{ID: "c", Window: "housing"}
	tests := []struct {
		name  string
		state bot.State
		event bot.Event
		want  string
	}{
		{"a new friend has the menu of all", bot.State{}, bot.Followed{}, ""},
		{"another language", bot.State{}, bot.Tapped{Data: "lang:vi"}, "usual-vi"},
		{"the same language again", bot.State{Lang: bot.Vi, Menu: "usual-vi"}, bot.Tapped{Data: "lang:vi"}, ""},
		{"back to Japanese", bot.State{Lang: bot.Vi, Menu: "usual-vi"}, bot.Tapped{Data: "lang:ja"}, "usual-ja"},
		{"a case is open", bot.State{Lang: bot.EasyJa, Case: open}, bot.Tapped{Data: "status"}, "case-ja-easy"},
		{"still open", bot.State{Lang: bot.EasyJa, Case: open, Menu: "case-ja-easy"}, bot.Tapped{Data: "status"}, ""},
		{"closed", bot.State{Lang: bot.En, Case: open, Menu: "case-en"}, bot.CaseClosed{Case: "c"}, "usual-en"},
		{"somebody may look at the phone", bot.State{Lang: bot.En, Quiet: true, Case: open, Menu: "usual-en"}, bot.Tapped{Data: "status"}, ""},
		{"hidden in a hurry", bot.State{Lang: bot.En, Case: open, Menu: "case-en"}, bot.Tapped{Data: "hide"}, "usual-en"},
		{"blocked", bot.State{Lang: bot.En, Case: open}, bot.Unfollowed{}, ""},
		{"came back", bot.State{Lang: bot.En, Menu: "usual-en", Gone: true}, bot.Followed{Again: true}, "usual-en"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			state, effects := b.Step(tt.state, bot.Input{ID: "1", At: time.Date(2026, 12, 1, 10, 0, 0, 0, bot.Tokyo), Event: tt.event})
			if got := shown(effects); got != tt.want {
				t.Errorf("got menu %q, want %q (state %+v)", got, tt.want, state)
			}
			if tt.want != "" && state.Menu != tt.want {
				t.Errorf("the state remembers %q, want %q", state.Menu, tt.want)
			}
		})
	}
}

// TestMenuIsNeverDead taps every area of every sheet in every language.
func TestMenuIsNeverDead(t *testing.T) {
	t.Parallel()
	b := menuBot(t)
	c := b.Content()
	for _, sheet := range c.Menu.Sheets {
		for _, id := range sheet.Areas {
			for _, l := range bot.Langs {
				for _, open := range []bool{false, true} {
					s := bot.State{Lang: l}
					if open {
						s.Case = &bot.CaseView{ID: "c", Window: "housing", Aside: true}
					}
					after, effects := b.Step(s, bot.Input{ID: "1", At: time.Date(2026, 12, 1, 10, 0, 0, 0, bot.Tokyo), Event: bot.Tapped{Data: c.Menu.Area(id).Does}})
					said := false
					for _, e := range effects {
						_, ok := e.(bot.Say)
						said = said || ok
					}
					if !said {
						t.Errorf("%s in %s (case %v): no answer", id, l, open)
					}
					if id == "send" && open && after.Case.Aside {
						t.Errorf("send in %s: the words still go to the bot", l)
					}
				}
			}
		}
	}
}

func TestAtDisaster(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"usual-ja-easy": "disaster-ja-easy", "case-vi": "disaster-case-vi", "disaster-ja": "disaster-ja"} {
		if got := bot.AtDisaster(name); got != want {
			t.Errorf("AtDisaster(%s): got %s, want %s", name, got, want)
		}
	}
}
