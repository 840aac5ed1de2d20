package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// LINE's limits on what the plan shows, in characters:
// https://developers.line.biz/en/reference/messaging-api/
const (
	maxQuickLabel   = 20
	maxButtonLabel  = 40
	maxAlt          = 400
	maxQuickReplies = 13
)

// How long a card may get before it does not fit a phone at the largest font
// size, in characters.
var (
	longestName  = map[bot.Lang]int{bot.Ja: 30, bot.EasyJa: 50, bot.En: 50, bot.Zh: 30, bot.Ko: 30, bot.Vi: 60}
	longestAbout = map[bot.Lang]int{bot.Ja: 150, bot.EasyJa: 280, bot.En: 350, bot.Zh: 150, bot.Ko: 180, bot.Vi: 350}
)

// tap taps one button as somebody who reads l, and returns what is shown.
func tap(b *bot.Bot, l bot.Lang, data string) (bot.State, []bot.Message) {
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	s, effects := b.Step(bot.State{Lang: l, LangChosen: true}, bot.Input{ID: "1", At: at, Event: bot.Tapped{Data: data}})
	for _, e := range effects {
		if say, ok := e.(bot.Say); ok {
			return s, say.Messages
		}
	}
	return s, nil
}

// TestPlanIsWhole holds the plan to its 41 initiatives, each with all that a
// resident and the coverage table need.
func TestPlanIsWhole(t *testing.T) {
	t.Parallel()
	c := embedded(t).Content()
	if got := []int{len(c.Plan.Goals), len(c.Plan.Initiatives)}; !slices.Equal(got, []int{4, 41}) {
		t.Errorf("got %v goals and initiatives, want [4 41]", got)
	}
	names := map[string]string{}
	for _, in := range c.Plan.Initiatives {
		if c.Theme(in.Theme) == nil || c.Goal(c.Theme(in.Theme).Goal) == nil {
			t.Errorf("%s: theme %q leads to no goal", in.ID, in.Theme)
		}
		for _, id := range in.Windows {
			if c.Window(id) == nil || !c.Window(id).People {
				t.Errorf("%s: window %q is not one where people take cases", in.ID, id)
			}
		}
		for _, l := range bot.Langs {
			if n := len(in.Ask[l]); n < 2 {
				t.Errorf("%s: %d messages in %s, want at least 2", in.ID, n, l)
			}
			length(t, in.ID+" name "+string(l), in.Name[l], longestName[l])
			length(t, in.ID+" about "+string(l), in.About[l], longestAbout[l])
		}
		for _, start := range in.Buttons {
			verb, arg, _ := strings.Cut(start.Does, ":")
			known := slices.Contains(bot.Verbs(), verb)
			switch verb {
			case "more", "apply":
				known = known && c.Opportunity(arg) != nil
			case "form":
				known = known && c.Form(arg) != nil
			case "window":
				known = known && c.Window(arg) != nil
			}
			if !known {
				t.Errorf("%s: nobody knows how to do %q", in.ID, start.Does)
			}
		}
		for _, name := range in.Called() {
			if other, taken := names[name]; taken && other != in.ID {
				t.Errorf("%q names both %s and %s", name, other, in.ID)
			}
			names[name] = in.ID
		}
	}
	for _, s := range c.Says {
		for _, text := range s.Texts {
			if id, taken := names[text]; taken {
				t.Errorf("%q names %s, and means %s", text, id, s.Means)
			}
		}
	}
}

// length fails when a text is missing or longer than max characters.
func length(t *testing.T, what, text string, limit int) {
	t.Helper()
	if n := utf8.RuneCountInString(text); n == 0 || n > limit {
		t.Errorf("%s has %d characters, want 1 to %d: %s", what, n, limit, text)
	}
}

// TestPlanByMenu walks from the menu to every initiative in every language and
// measures everything on the way: LINE would cut what is too long.
func TestPlanByMenu(t *testing.T) {
	t.Parallel()
	b := embedded(t)
	c := b.Content()
	for _, l := range bot.Langs {
		_, messages := tap(b, l, "goals")
		measure(t, l, messages)
		if !slices.Equal(datas(messages)[:4], []string{"goal:1", "goal:2", "goal:3", "goal:4"}) {
			t.Errorf("%s: the menu offers %v, want the four goals first", l, datas(messages))
		}
		reached := 0
		for _, g := range c.Plan.Goals {
			_, messages := tap(b, l, "goal:"+g.ID)
			measure(t, l, messages)
			for _, data := range datas(messages) {
				id, ok := strings.CutPrefix(data, "initiative:")
				if !ok {
					continue
				}
				reached++
				s, messages := tap(b, l, data)
				measure(t, l, messages)
				in := c.Initiative(id)
				if got := datas(messages); !slices.Contains(got, "hand:"+in.Windows[0]) {
					t.Errorf("%s %s: the card offers %v, want the hand-over to %s", l, id, got, in.Windows[0])
				}
				if card := messages[0].(bot.Cards).Cards[0]; card.Title != in.Name[l] || card.Lines[0] != in.About[l] {
					t.Errorf("%s %s: the card is %q, want the name and the description", l, id, card.Title)
				}
				if !slices.Contains(s.Shown, data) {
					t.Errorf("%s %s: staff would not see what was shown: %v", l, id, s.Shown)
				}
			}
		}
		if reached != len(c.Plan.Initiatives) {
			t.Errorf("%s: the menu leads to %d initiatives, want %d", l, reached, len(c.Plan.Initiatives))
		}
	}
}

// datas are all buttons and quick answers.
func datas(messages []bot.Message) []string {
	var out []string
	for _, m := range messages {
		switch m := m.(type) {
		case bot.Text:
			for _, c := range m.Choices {
				out = append(out, c.Data)
			}
		case bot.Cards:
			for _, card := range m.Cards {
				for _, b := range card.Buttons {
					out = append(out, b.Data)
				}
			}
			for _, c := range m.Choices {
				out = append(out, c.Data)
			}
		}
	}
	return out
}

// measure holds messages to LINE's limits.
func measure(t *testing.T, l bot.Lang, messages []bot.Message) {
	t.Helper()
	if len(messages) == 0 || len(messages) > 5 {
		t.Errorf("%s: %d messages, want 1 to 5", l, len(messages))
	}
	for _, m := range messages {
		var choices []bot.Choice
		switch m := m.(type) {
		case bot.Text:
			choices = m.Choices
			length(t, string(l)+" text", m.Text, 1000)
		case bot.Cards:
			choices = m.Choices
			length(t, string(l)+" alt", m.Alt, maxAlt)
			if len(m.Cards) > 10 {
				t.Errorf("%s: %d cards to swipe through, want at most 10", l, len(m.Cards))
			}
			for _, card := range m.Cards {
				if n := len(card.Buttons); n == 0 || n > 4 {
					t.Errorf("%s %s: %d buttons, want 1 to 4", l, card.Title, n)
				}
				for _, b := range card.Buttons {
					length(t, string(l)+" button", b.Label, maxButtonLabel)
				}
			}
		}
		if len(choices) > maxQuickReplies {
			t.Errorf("%s: %d quick answers, want at most %d", l, len(choices), maxQuickReplies)
		}
		for _, c := range choices {
			length(t, string(l)+" quick answer", c.Label, maxQuickLabel)
		}
	}
}

// TestNoPlan shows a city without a plan nothing of it.
func TestNoPlan(t *testing.T) {
	t.Parallel()
	c := &bot.Content{Replies: map[bot.Lang]map[string]string{}}
	c.Index()
	b := bot.New(c, nil)
	for _, data := range []string{"windows", "help"} {
		if _, messages := tap(b, bot.Ja, data); slices.Contains(datas(messages), "goals") {
			t.Errorf("%s offers a plan that is not there: %v", data, datas(messages))
		}
	}
	for _, data := range []string{"goal:1", "initiative:S01"} {
		if _, messages := tap(b, bot.Ja, data); len(messages) != 1 {
			t.Errorf("%s shows %d messages, want one that says the button is old", data, len(messages))
		}
	}
}

// TestPlanByName asks for initiatives as people do.
func TestPlanByName(t *testing.T) {
	t.Parallel()
	b := embedded(t)
	for text, want := range map[string]string{
		"地域福祉アンテナショップって何":                               "S05",
		"すみません、アンテナショップって何ですか？":                         "S05",
		"あんてなしょっぷ って なんですか":                             "S05",
		"what is an antenna shop":                       "S05",
		"What's an antenna shop?":                       "S05",
		"福祉天线店是什么？":                                     "S05",
		"안테나숍이 뭐예요?":                                    "S05",
		"Antenna Shop là gì?":                           "S05",
		"にこにこサロン":                                       "C1",
		"にこにこサロンはどこですか":                                 "C1",
		"やさしいまちの取組":                                     "C2",
		"やさしいまちの取り組みについて教えて":                            "C2",
		"市民後見人":                                         "S08",
		"地域福祉コーディネーターってだれ":                              "S12",
		"What does a community welfare coordinator do?": "S12",
		"学校での見守り":                                       "C3",
		"団体登録":                                          "S28",
		"地域活動へのきっかけづくり":                                 "S19",
	} {
		if got := reach(b, text); !got.initiative || got.window != want {
			t.Errorf("%q leads to %+v, want initiative %s", text, got, want)
		}
	}
	for _, text := range []string{"にこにこサロンで転んでけがをしました", "市民後見人の人にお金を取られた", "アンテナショップの人と話していたら死にたくなった"} {
		if got := reach(b, text); got.initiative {
			t.Errorf("%q leads to the initiative %s, want its trouble heard", text, got.window)
		}
	}
}

// TestPlanNamesAreWords keeps names out of the way where the resident's words
// belong to people or to an open question.
func TestPlanNamesAreWords(t *testing.T) {
	t.Parallel()
	b := embedded(t)
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	wrote := bot.Input{ID: "2", At: at, Event: bot.Wrote{MessageID: "m2", Text: "にこにこサロン"}}
	for name, s := range map[string]bot.State{
		"a case is open":        {Lang: bot.Ja, Case: &bot.CaseView{ID: "c-1", Window: "salon-join", Told: true}},
		"staff asked to change": {Lang: bot.Ja, Draft: &bot.Draft{Window: "salon-join"}, Question: &bot.Question{Kind: bot.AskChange}},
		"may staff read this":   {Lang: bot.Ja, Draft: &bot.Draft{Window: "salon-join"}, Question: &bot.Question{Kind: bot.AskHandover}},
	} {
		if after, _ := b.Step(s, wrote); slices.Contains(after.Shown, "initiative:C1") {
			t.Errorf("%s: the name was taken as a question to the bot", name)
		}
	}
}
