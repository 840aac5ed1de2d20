package line_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/internal/line"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
)

// alarmed takes every text for one kind of danger.
type alarmed struct{ kind string }

func (a alarmed) Understand(string, understand.Hint) understand.Result {
	if a.kind == "" {
		return understand.Result{}
	}
	return understand.Result{Urgency: understand.Urgency{Kind: a.kind, Level: understand.LevelCertain, Score: 1}}
}

// shippedCards are all cards that the shipped pack can show, in a language, by
// what was tapped or said.
func shippedCards(t *testing.T, p *intents.Pack, l bot.Lang) map[string][]bot.Message {
	t.Helper()
	c := p.Content
	out := map[string][]bot.Message{}
	step := func(name string, b *bot.Bot, s bot.State, e bot.Event) {
		s.Lang, s.LangChosen = l, true
		_, effects := b.Step(s, bot.Input{ID: "1", At: time.Date(2026, 12, 1, 10, 0, 0, 0, bot.Tokyo), Event: e})
		for _, e := range effects {
			if say, ok := e.(bot.Say); ok {
				out[string(l)+" "+name] = say.Messages
			}
		}
	}
	b := bot.New(c, alarmed{})
	tap := func(data string) { step(data, b, bot.State{}, bot.Tapped{Data: data}) }
	for _, w := range c.Windows {
		tap("window:" + w.ID)
		tap("more:" + w.ID)
		tap("about:" + w.ID)
	}
	for _, g := range c.Plan.Goals {
		tap("goal:" + g.ID)
	}
	for _, in := range c.Plan.Initiatives {
		tap("initiative:" + in.ID)
	}
	for _, a := range c.Menu.Areas {
		tap(a.Does)
	}
	tap("windows")
	tap("goals")
	for _, d := range c.Dangers {
		step("danger:"+d.Kind, bot.New(c, alarmed{d.Kind}), bot.State{}, bot.Wrote{MessageID: "1", Text: "…"})
	}
	open := &bot.CaseView{ID: "c", Window: "housing", Plan: &bot.Plan{Version: 1, Goal: strings.Repeat("あたらしい へやに すむ ", 8), Steps: []bot.Step{{ID: "1", Text: "大家さんに電話する", Who: bot.StepBoth, By: "2026-12-20"}}}}
	tapped := func(name string, e bot.Event) { step(name, b, bot.State{Case: open}, e) }
	tapped("plan", bot.Tapped{Data: "plan"})
	tapped("plan shown", bot.PlanShown{Case: "c", Plan: *open.Plan})
	tapped("hand-over asked", bot.HandoverAsked{Case: "c", Offer: "o", Window: "self-reliance", Why: strings.Repeat("家賃のことも聞けるからです。", 10)})
	tapped("consent asked", bot.ConsentAsked{Case: "c", Consent: "k", With: "大家さん", What: "家賃のこと"})
	return out
}

// TestShippedCards draws every card of the shipped pack in every language:
// LINE takes it, nothing of it is cut, and its letters are large, wrap and
// stand out from their ground.
func TestShippedCards(t *testing.T) {
	t.Parallel()
	pack, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatalf("load pack: %v %v", err, problems)
	}
	for _, l := range bot.Langs {
		t.Run(string(l), func(t *testing.T) {
			t.Parallel()
			cards := 0
			for name, messages := range shippedCards(t, pack, l) {
				rendered := line.Render(messages, "")
				raw, err := json.Marshal(rendered)
				if err != nil {
					t.Fatal(err)
				}
				if err := lineapi.CheckMessages(raw); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				for i, m := range messages {
					c, ok := m.(bot.Cards)
					if !ok {
						continue
					}
					raw, err := json.Marshal(rendered[i])
					if err != nil {
						t.Fatal(err)
					}
					cards += len(c.Cards)
					drawn(t, name, c, raw)
					if strings.HasPrefix(name, string(l)+" danger:") {
						spoken(t, name, c, raw)
					}
				}
			}
			if cards < 100 {
				t.Errorf("only %d cards were drawn", cards)
			}
		})
	}
}

// spoken holds the text shown where no card can be to all numbers on it, but
// for those who may be watched: there it tells nothing.
func spoken(t *testing.T, name string, c bot.Cards, raw []byte) {
	t.Helper()
	var m struct{ AltText string }
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	if m.AltText != c.Alt {
		t.Errorf("%s: %q is cut to %q", name, c.Alt, m.AltText)
	}
	for _, card := range c.Cards {
		if !strings.Contains(c.Alt, card.Title) {
			continue // somebody may look at this phone
		}
		for _, line := range card.Lines {
			if !strings.Contains(m.AltText, line) {
				t.Errorf("%s: %q is missing in %q", name, line, m.AltText)
			}
		}
	}
}

// drawn walks through a Flex message.
func drawn(t *testing.T, name string, c bot.Cards, raw []byte) {
	t.Helper()
	if len(raw) > 30<<10 && len(c.Cards) == 1 || len(raw) > 50<<10 {
		t.Errorf("%s: %d bytes", name, len(raw))
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	var words []string
	walk(tree, "#FFFFFF", func(node map[string]any, ground string) {
		if a, ok := node["action"].(map[string]any); ok && node["type"] == "button" {
			words = append(words, fmt.Sprint(a["label"]))
		}
		if node["type"] != "text" {
			return
		}
		words = append(words, fmt.Sprint(node["text"]))
		if node["wrap"] != true || node["scaling"] != true || node["maxLines"] != nil && node["maxLines"] != 0.0 {
			t.Errorf("%s: %v may be cut", name, node["text"])
		}
		if size := node["size"]; size != "sm" && size != "md" && size != "lg" {
			t.Errorf("%s: %v is %v, want sm, md or lg", name, node["text"], size)
		}
		if got := contrast(fmt.Sprint(node["color"]), ground); got < 4.5 {
			t.Errorf("%s: %v has a contrast of %.1f, want 4.5 (WCAG 2.2 AA)", name, node["text"], got)
		}
	})
	for _, card := range c.Cards {
		want := append([]string{card.Title, card.Small}, card.Lines...)
		for _, b := range card.Buttons {
			want = append(want, b.Label)
		}
		for _, w := range want {
			if w != "" && !slices.Contains(words, w) {
				t.Errorf("%s: %q is not on the card as it is", name, w)
			}
		}
	}
}

// walk visits all objects with the colour they stand on.
func walk(v any, ground string, visit func(node map[string]any, ground string)) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			walk(x, ground, visit)
		}
	case map[string]any:
		if g, ok := v["backgroundColor"].(string); ok {
			ground = g
		}
		visit(v, ground)
		for _, x := range v {
			walk(x, ground, visit)
		}
	}
}

// contrast is that of WCAG 2.2 between two colours #RRGGBB, 1 to 21.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c string) float64 {
	var r, g, b uint8
	if _, err := fmt.Sscanf(c, "#%02x%02x%02x", &r, &g, &b); err != nil {
		return 0
	}
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
