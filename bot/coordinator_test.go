package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// townOnly understands nothing but that a text names a town.
type townOnly struct{ c *bot.Content }

func (u townOnly) Understand(text string, _ understand.Hint) understand.Result {
	r := understand.Result{Lang: "ja"}
	for _, t := range u.c.Towns {
		if strings.Contains(text, t.ID) {
			r.Town = t.ID
		}
	}
	return r
}

// coordinated is the shipped pack with two people for every area, all of it
// verified.
func coordinated(t *testing.T) *bot.Content {
	t.Helper()
	c := *pack(t)
	c.Areas = append([]bot.Area{}, c.Areas...)
	c.Coordinators.People = nil
	for i := range c.Areas {
		c.Areas[i].Verified = "2026-11-01"
		id := c.Areas[i].ID
		c.Coordinators.People = append(c.Coordinators.People,
			bot.Coordinator{Name: id + "花子", Areas: []string{id}, About: bot.Words{bot.Ja: "体操の会が得意です。"}, Verified: "2026-11-01"},
			bot.Coordinator{Name: id + "太郎", Areas: []string{id}, Verified: "2026-11-01"})
	}
	c.Index()
	return &c
}

func shownFor(t *testing.T, c *bot.Content, text string, at time.Time) string {
	t.Helper()
	_, effects := bot.New(c, townOnly{c}).Step(bot.State{Lang: bot.Ja, LangChosen: true}, bot.Input{ID: "1", At: at, Event: bot.Wrote{MessageID: "m", Text: text}})
	for _, e := range effects {
		if say, ok := e.(bot.Say); ok {
			if cards, ok := say.Messages[0].(bot.Cards); ok {
				return cards.Cards[0].Title + "\n" + strings.Join(cards.Cards[0].Lines, "\n")
			}
			if text, ok := say.Messages[0].(bot.Text); ok {
				return text.Text
			}
		}
	}
	return ""
}

// TestEveryTownHasItsCoordinators: all towns lead to those of their area, and to
// no others.
func TestEveryTownHasItsCoordinators(t *testing.T) {
	t.Parallel()
	c := coordinated(t)
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	if len(c.Towns) != 16 {
		t.Fatalf("%d towns, want 16", len(c.Towns))
	}
	for _, town := range c.Towns {
		got := shownFor(t, c, town.ID, at)
		for _, p := range c.Coordinators.People {
			if want := p.Areas[0] == town.Area; strings.Contains(got, p.Name) != want {
				t.Errorf("%s in %s: %s is named %v in %q", town.ID, town.Area, p.Name, !want, got)
			}
		}
	}
}

// TestUnverifiedCoordinatorsAreNotNamed: neither the person nor the area may be
// unverified.
func TestUnverifiedCoordinatorsAreNotNamed(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	for name, change := range map[string]func(*bot.Content){
		"person": func(c *bot.Content) {
			for i := range c.Coordinators.People {
				c.Coordinators.People[i].Verified = "no"
			}
		},
		"area": func(c *bot.Content) {
			for i := range c.Areas {
				c.Areas[i].Verified = "no"
			}
		},
	} {
		c := coordinated(t)
		change(c)
		got := shownFor(t, c, "柏町の担当はだれですか", at)
		if strings.Contains(got, "花子") || !strings.Contains(got, "柏町の担当") || !strings.Contains(got, "職員がお伝えします") {
			t.Errorf("%s not verified: got %q", name, got)
		}
	}
}

// TestCoordinatorAway: somebody on leave is replaced, from the first day to the
// last, by who may be named and is there.
func TestCoordinatorAway(t *testing.T) {
	t.Parallel()
	c := coordinated(t)
	for i := range c.Coordinators.People {
		if p := &c.Coordinators.People[i]; p.Name == "第5花子" {
			p.Away = []bot.Absence{{From: "2026-12-01", To: "2026-12-04", By: "第6太郎"}}
		}
	}
	on := func(day string) string { return shownFor(t, c, "柏町", day9(day)) }
	for _, day := range []string{"2026-12-01", "2026-12-04"} {
		if got := on(day); !strings.Contains(got, "第5花子は、12月4日まで休みです") || !strings.Contains(got, "第6太郎がお話を聞きます") || !strings.Contains(got, "第5太郎") {
			t.Errorf("%s: got %q", day, got)
		}
	}
	for _, day := range []string{"2026-11-30", "2026-12-05"} {
		if got := on(day); strings.Contains(got, "休み") || strings.Contains(got, "第6") || !strings.Contains(got, "第5花子") {
			t.Errorf("%s: got %q", day, got)
		}
	}
	for i := range c.Coordinators.People {
		if p := &c.Coordinators.People[i]; p.Name == "第6太郎" {
			p.Verified = "no"
		}
	}
	if got := on("2026-12-02"); strings.Contains(got, "第6太郎") || !strings.Contains(got, "休みです") {
		t.Errorf("a stand-in nobody verified: got %q", got)
	}
}

func day9(day string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" 09:00", bot.Tokyo)
	if err != nil {
		panic(err)
	}
	return at
}

// TestWhatIsNoTown: places that are not ours are told kindly, words that only
// end like one are understood as ever.
func TestWhatIsNoTown(t *testing.T) {
	t.Parallel()
	c := coordinated(t)
	for text, want := range map[string]bool{
		"八王子市": true, "国分寺市に住んでいます": true, "東京都八王子市です": true, "府中市の担当はだれですか": true,
		"立川市": false, "わたしの町": false, "町": false, "市役所": false, "柏町": false, "ゴミを出したい": false, "八王子市で火事です。助けて": false,
	} {
		got := shownFor(t, c, text, day9("2026-11-24"))
		if strings.Contains(got, "見つかりませんでした") != want {
			t.Errorf("%q: got %q", text, got)
		}
	}
}
