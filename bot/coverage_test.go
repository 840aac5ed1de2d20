package bot_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// coverageFile shows, for each initiative of the plan, the messages that reach
// it, the story that proves it and the way through the menu.
const coverageFile = "../docs/coverage.md"

// reached is where a first message leads.
type reached struct {
	initiative bool // the initiative itself
	asked      bool // the bot asks which it is; the window is the first answer
	window     string
	alarm      string // the kind of danger the message was taken for
}

// reach sends one message as somebody's first and tells where it leads.
func reach(b *bot.Bot, text string) reached {
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	s, _ := b.Step(bot.State{}, bot.Input{ID: "1", At: at, Event: bot.Wrote{MessageID: "m1", Text: text}})
	switch {
	case s.Danger != "":
		return reached{alarm: s.Danger}
	case s.Question != nil && s.Question.Kind == bot.AskDanger:
		return reached{alarm: cmp.Or(s.Question.Field, "any")}
	case len(s.Shown) > 0:
		if id, ok := strings.CutPrefix(s.Shown[0], "initiative:"); ok {
			return reached{initiative: true, window: id}
		}
		if id, ok := strings.CutPrefix(s.Shown[0], "role:"); ok {
			return reached{window: cmp.Or(b.Content().Opportunity(id).Window, "volunteer")}
		}
		return reached{window: s.Shown[0]}
	case s.Draft != nil && s.Draft.Form != "":
		for _, w := range b.Content().Windows {
			if w.Form == s.Draft.Form {
				return reached{window: w.ID}
			}
		}
	case s.Draft != nil && s.Draft.Window != "": // straight to people
		return reached{window: s.Draft.Window}
	case s.Question != nil && s.Question.Kind == bot.AskClarify:
		if id, ok := strings.CutPrefix(s.Question.Choices[0].Data, "window:"); ok {
			return reached{asked: true, window: id}
		}
	}
	return reached{}
}

// TestCoverage sends every message the plan's initiatives must answer, and
// keeps docs/coverage.md true. -update writes it, with what does not arrive.
func TestCoverage(t *testing.T) {
	t.Parallel()
	b := embedded(t)
	c := b.Content()
	var rows, messages strings.Builder
	var sum tally
	for _, goal := range c.Plan.Goals {
		fmt.Fprintf(&rows, "| **目標%s %s** | | | |\n", goal.ID, goal.Official)
		for _, in := range c.InitiativesOf(goal.ID) {
			arrived := map[bot.Lang]int{}
			fmt.Fprintf(&messages, "\n### %s %s\n\n", in.ID, in.Official)
			for _, l := range bot.Langs {
				text := byName(in, l)
				if got := reach(b, text); !got.initiative || got.window != in.ID {
					t.Errorf("%s %s %q leads to %+v, want the initiative itself", in.ID, l, text, got)
				}
				fmt.Fprintf(&messages, "- %s: %s → its own card\n", l, text)
				for _, text := range in.Ask[l] {
					got := reach(b, text)
					where, ok := sum.add(in, got)
					if ok {
						arrived[l]++
					} else {
						t.Errorf("%s %s %q leads to %+v, want the initiative or one of %v", in.ID, l, text, got, in.Windows)
					}
					fmt.Fprintf(&messages, "- %s: %s → %s\n", l, text, where)
				}
			}
			fmt.Fprintf(&rows, "| %s %s | %s | [%s](../bot/testdata/stories/%s) | %s |\n",
				in.ID, in.Official, counts(in, arrived), in.Story, in.Story, menuPath(c, goal, in))
		}
	}
	got := sum.head() + rows.String() + "\n## The messages\n" + messages.String()
	if *update {
		if err := os.WriteFile(coverageFile, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(coverageFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/coverage.md is stale (-file +now); go test ./bot -run TestCoverage -update:\n%s", diff)
	}
}

// byName asks for an initiative by its name, as a reader of l would.
func byName(in *bot.Initiative, l bot.Lang) string {
	question := map[bot.Lang]string{
		bot.Ja: "%sについて教えてください", bot.EasyJa: "%s を おしえて ください", bot.En: "Tell me about %s",
		bot.Zh: "请介绍%s", bot.Ko: "%s란 무엇인가요?", bot.Vi: "Cho tôi biết về %s",
	}
	return fmt.Sprintf(question[l], bot.WithoutReadings(in.Name[l]))
}

// tally counts where the messages lead.
type tally struct{ sent, card, window, asked, alarms int }

// add counts one message, says in words where it leads, and reports whether
// that is where its initiative is.
func (s *tally) add(in *bot.Initiative, got reached) (where string, ok bool) {
	s.sent++
	switch {
	case got.initiative && got.window == in.ID:
		s.card++
		return "its own card", true
	case got.alarm != "":
		s.alarms++
		return "**not yet** (taken for danger: " + got.alarm + ")", false
	case got.initiative || !slices.Contains(in.Windows, got.window):
		return "**not yet** (" + cmp.Or(got.window, "asked what happened") + ")", false
	case got.asked:
		s.asked++
		return "asked which it is, first answer " + got.window, true
	}
	s.window++
	return got.window, true
}

// counts are how many of an initiative's messages arrive, by language.
func counts(in *bot.Initiative, arrived map[bot.Lang]int) string {
	var n []string
	for _, l := range bot.Langs {
		if want := len(in.Ask[l]); arrived[l] < want {
			n = append(n, fmt.Sprintf("%d of %d", arrived[l], want))
			continue
		}
		n = append(n, fmt.Sprint(arrived[l]))
	}
	return strings.Join(n, " · ")
}

func menuPath(c *bot.Content, goal bot.Goal, in *bot.Initiative) string {
	return fmt.Sprintf("%s → %s → %s", c.Reply(bot.Ja, "choice.goals"), goal.Choice.In(bot.Ja), in.Name.In(bot.Ja))
}

func (s *tally) head() string {
	var names []string
	for _, l := range bot.Langs {
		names = append(names, string(l))
	}
	return fmt.Sprintf(`# Every initiative of the plan, and how one reaches it

Written by `+"`go test ./bot -run TestCoverage -update`"+` from `+"`intents/plan.yaml`"+`, the shipped model and the
stories; the same test fails when this file is stale or a message does not reach its initiative.

Every initiative is found by its name in every language. %d messages in residents' own words are sent
besides (the model learns them too: they are what the pack promises, not a measure of understanding), each as somebody's first: %d lead to the initiative's own card, %d to a window it
concerns, %d to a question whose first answer is such a window; %d do not arrive yet, of which %d are taken for danger.

The columns: the initiative as the plan names it (C1 to C3 are the stories the plan tells beside its
tables); how many of the messages in residents' own words reach it in %s; the story that shows it; the way through the menu,
from 「使い方」 or 「窓口いちらん」.

| initiative | messages | story | menu |
| --- | --- | --- | --- |
`, s.sent, s.card, s.window, s.asked, s.sent-s.card-s.window-s.asked, s.alarms, strings.Join(names, " · "))
}

// TestPlanStories holds every initiative to a story that shows its card, or
// its window, by its own name.
func TestPlanStories(t *testing.T) {
	t.Parallel()
	c := embedded(t).Content()
	for _, in := range c.Plan.Initiatives {
		text, err := os.ReadFile(filepath.Join("testdata/stories", in.Story))
		if err != nil {
			t.Errorf("%s: its story cannot be read: %v", in.ID, err)
			continue
		}
		if !showsInitiative(c, in, string(text)) {
			t.Errorf("%s: %s shows neither the initiative's description nor hands over to %v", in.ID, in.Story, in.Windows)
		}
	}
}

// showsInitiative reports whether a story shows the description, in any
// language, or opens a case with one of its windows.
func showsInitiative(c *bot.Content, in bot.Initiative, story string) bool {
	for _, l := range bot.Langs {
		if strings.Contains(story, in.About.In(l)) {
			return true
		}
	}
	return slices.ContainsFunc(in.Windows, func(id string) bool {
		return strings.Contains(story, "! case "+id) && c.Window(id) != nil
	})
}
