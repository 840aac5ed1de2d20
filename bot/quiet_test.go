package bot_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

var tuesday = time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)

// said are the messages of a step.
func said(effects []bot.Effect) []bot.Message {
	for _, e := range effects {
		if s, ok := e.(bot.Say); ok {
			return s.Messages
		}
	}
	return nil
}

// notified is what a phone's locked screen shows of a message.
func notified(m bot.Message) string {
	switch m := m.(type) {
	case bot.Text:
		line, _, _ := strings.Cut(m.Text, "\n")
		return line
	case bot.Cards:
		return m.Alt
	}
	return ""
}

// TestNotificationsOfWatchedPeople: in every language, whatever staff do, the
// notification names neither window nor topic nor who writes.
func TestNotificationsOfWatchedPeople(t *testing.T) {
	t.Parallel()
	b := embedded(t)
	for _, w := range b.Content().Windows {
		if !w.Quiet {
			continue
		}
		for _, l := range bot.Langs {
			t.Run(w.ID+"/"+string(l), func(t *testing.T) {
				t.Parallel()
				s, effects := b.Step(bot.State{Lang: l, LangChosen: true}, bot.Input{ID: "1", At: tuesday, Event: bot.Tapped{Data: "window:" + w.ID}})
				if !s.Quiet || !s.Fleeting() {
					t.Fatalf("got quiet %v, fleeting %v; want both", s.Quiet, s.Fleeting())
				}
				check := func(what string, effects []bot.Effect) {
					t.Helper()
					for _, e := range effects {
						if say, ok := e.(bot.Say); ok && strings.HasPrefix(what, "staff") && say.From != "" {
							t.Errorf("%s: the sender is %q", what, say.From)
						}
					}
					for _, m := range said(effects) {
						for _, bad := range []string{w.Name.In(l), "秘密の話", "田中"} {
							if got := notified(m); strings.Contains(got, bad) {
								t.Errorf("%s: the notification is %q", what, got)
							}
						}
					}
				}
				check("shown", effects)
				s.Case = &bot.CaseView{ID: "c", Window: w.ID}
				for i, e := range []bot.Event{
					bot.StaffReplied{Case: "c", From: "田中", Text: "秘密の話"},
					bot.HandoverAsked{Case: "c", Offer: "o", Window: w.ID, Why: "秘密の話"},
					bot.ConsentAsked{Case: "c", Consent: "k", With: "秘密の話"}, bot.PlanShown{Case: "c", Plan: bot.Plan{Version: 1, Goal: "秘密の話"}},
					bot.Promised{Case: "c", Text: "秘密の話", Due: tuesday}, bot.HandoverAccepted{Case: "c", Window: w.ID, By: "田中"},
					bot.CaseMoved{Case: "c", Window: w.ID}, bot.CaseClosed{Case: "c", Outcome: "connected", Where: "秘密の話"},
				} {
					s, effects = b.Step(s, bot.Input{ID: fmt.Sprint(i), At: tuesday, Event: e})
					check(fmt.Sprintf("staff %T", e), effects)
					if len(said(effects)) == 0 {
						t.Errorf("%T: nothing came", e)
					}
				}
				for _, e := range []bot.Event{bot.CaseTaken{Case: "c", By: "田中"}, bot.TeamJoined{Case: "c", Window: w.ID}} {
					if _, effects := b.Step(s, bot.Input{ID: "x", At: tuesday, Event: e}); len(said(effects)) != 0 {
						t.Errorf("%T makes a sound", e)
					}
				}
				// Nothing is lost: all of it is shown when they ask, a call at a time.
				read := ""
				for range 20 {
					s, effects = b.Step(s, bot.Input{ID: "r", At: tuesday, Event: bot.Tapped{Data: "read"}})
					if n := len(said(effects)); n > 5 {
						t.Errorf("%d messages in one call", n)
					}
					raw, err := bot.EncodeMessages(said(effects))
					if err != nil {
						t.Fatal(err)
					}
					read += string(raw)
				}
				if n := strings.Count(read, "秘密の話"); n < 5 || len(s.Unread) != 0 {
					t.Errorf("read %d times what was kept, %d still unread", n, len(s.Unread))
				}
			})
		}
	}
}

// TestBare: of somebody who may be watched the recovery copy holds nothing
// they said; of all others it is whole.
func TestBare(t *testing.T) {
	t.Parallel()
	s := bot.State{
		Lang: bot.En, LangChosen: true, Quiet: true, Other: true, About: "お母さん", Town: "柏町", Danger: "dv",
		Heard: []bot.Heard{{Text: "ひみつ"}}, Shown: []string{"dv"}, Draft: &bot.Draft{Summary: "ひみつ"}, Question: &bot.Question{Kind: bot.AskHandover},
	}
	raw, err := json.Marshal(s.Bare())
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"ひみつ", "dv", "柏町", "お母さん", "quiet"} {
		if strings.Contains(string(raw), bad) {
			t.Errorf("the bare state %s holds %q", raw, bad)
		}
	}
	if !strings.Contains(string(raw), `"lang":"en"`) {
		t.Errorf("the bare state %s lost the language", raw)
	}
	s.Case = &bot.CaseView{ID: "c"}
	if s.Fleeting() || len(s.Bare().Heard) != 1 {
		t.Error("who asked people for help is forgotten")
	}
}

// TestAboutWhom keeps the person asked about apart from the person asking.
func TestAboutWhom(t *testing.T) {
	t.Parallel()
	b := embedded(t)
	for text, want := range map[string]string{
		"祖母の物忘れがひどくて心配です": "お祖母さん・おばあさん",
		"母の物忘れがひどくて心配です":  "お母さん",
	} {
		s := bot.State{}
		for i, e := range []bot.Event{bot.Wrote{MessageID: "m", Text: text}, bot.Tapped{Data: "hand:elder-care"}, bot.Tapped{Data: "yes"}} {
			var effects []bot.Effect
			s, effects = b.Step(s, bot.Input{ID: fmt.Sprint(i), At: tuesday, Event: e})
			for _, x := range effects {
				if open, ok := x.(bot.OpenCase); ok && (open.Case.About != want || !open.Case.Other) {
					t.Errorf("%s: about %q, other %v; want %q", text, open.Case.About, open.Case.Other, want)
				}
			}
		}
		if s.Case == nil {
			t.Errorf("%s: no case was opened", text)
		}
	}
}

// Nothing that staff wrote is lost while it waits to be read, however much.
func TestUnreadKeepsWhatStaffWrote(t *testing.T) {
	t.Parallel()
	b := embedded(t)
	s := bot.State{Lang: bot.Ja, LangChosen: true, Quiet: true, Case: &bot.CaseView{ID: "c", Window: "dv", Holder: "田中"}}
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	for n := range 30 {
		s, _ = b.Step(s, bot.Input{ID: fmt.Sprint("i", n), At: at, Event: bot.StaffReplied{Case: "c", From: "田中", Text: fmt.Sprint("返事", n)}})
	}
	read := 0
	for range 30 {
		var effects []bot.Effect
		s, effects = b.Step(s, bot.Input{ID: "r", At: at, Event: bot.Tapped{Data: "read"}})
		for _, m := range said(effects) {
			if text, ok := m.(bot.Text); ok && strings.HasPrefix(text.Text, "返事") {
				read++
			}
		}
	}
	if read != 30 {
		t.Errorf("%d of 30 replies could be read", read)
	}
}
