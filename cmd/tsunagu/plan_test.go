package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/internal/line"
)

// LINE's limits: https://developers.line.biz/en/reference/messaging-api/#flex-message
const (
	maxBubbleJSON   = 30 * 1024
	maxCarouselJSON = 50 * 1024
)

// nobody understands nothing: the plan's menu needs no model.
type nobody struct{}

func (nobody) Understand(string, understand.Hint) understand.Result { return understand.Result{} }

// TestPlanIsDrawnWhole draws every goal and every initiative as LINE gets it,
// in every language: nothing cut, nothing too large.
func TestPlanIsDrawnWhole(t *testing.T) {
	t.Parallel()
	pack, err := openPack("", t.Output())
	if err != nil {
		t.Fatal(err)
	}
	b := bot.New(pack.Content, nobody{})
	taps := []string{"goals", "windows"}
	for _, g := range pack.Content.Plan.Goals {
		taps = append(taps, "goal:"+g.ID)
	}
	for _, in := range pack.Content.Plan.Initiatives {
		taps = append(taps, "initiative:"+in.ID)
	}
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	for _, l := range bot.Langs {
		for _, data := range taps {
			_, effects := b.Step(bot.State{Lang: l, LangChosen: true}, bot.Input{ID: "1", At: at, Event: bot.Tapped{Data: data}})
			for _, e := range effects {
				if say, ok := e.(bot.Say); ok {
					drawnWhole(t, string(l)+" "+data, say.Messages)
				}
			}
		}
	}
}

func drawnWhole(t *testing.T, what string, messages []bot.Message) {
	t.Helper()
	for i, drawn := range line.Render(messages, "") {
		raw, err := json.Marshal(drawn)
		if err != nil {
			t.Fatal(err)
		}
		limit := maxBubbleJSON
		if cards, ok := messages[i].(bot.Cards); ok && len(cards.Cards) > 1 {
			limit = maxCarouselJSON
		}
		if len(raw) > limit {
			t.Errorf("%s: %d bytes, want at most %d", what, len(raw), limit)
		}
		for _, text := range wordsShown(messages[i], i == len(messages)-1) {
			quoted, err := json.Marshal(text)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(raw), string(quoted)) {
				t.Errorf("%s: %q is not drawn whole", what, text)
			}
		}
	}
}

// wordsShown are all texts of a message; quick answers stand under the last one.
func wordsShown(m bot.Message, last bool) []string {
	var texts []string
	var choices []bot.Choice
	switch m := m.(type) {
	case bot.Text:
		texts, choices = []string{m.Text}, m.Choices
	case bot.Cards:
		texts, choices = []string{m.Alt}, m.Choices
		for _, card := range m.Cards {
			texts = append(append(texts, card.Title), card.Lines...)
			if card.Small != "" {
				texts = append(texts, card.Small)
			}
			for _, b := range card.Buttons {
				texts = append(texts, b.Label)
			}
		}
	}
	for _, c := range choices {
		if last {
			texts = append(texts, c.Label)
		}
	}
	return texts
}
