package demo

import (
	"cmp"
	"math"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// Understanding is what the panel shows of one text.
type Understanding struct {
	Windows []Guess `json:"windows"` // best first
	Urgency Urgency `json:"urgency"`
	Person  string  `json:"person"` // self, other
	Town    string  `json:"town"`
	Lang    string  `json:"lang"`   // to answer in
	Script  string  `json:"script"` // as written
	Kind    string  `json:"kind"`
}

// Guess is one window.
type Guess struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Score float64  `json:"score"` // 0 to 1
	Why   []string `json:"why"`   // pieces of the text
}

// Urgency is what was found of danger.
type Urgency struct {
	Level string   `json:"level"` // none, unsure, certain
	Kind  string   `json:"kind"`
	Name  string   `json:"name"`
	Score float64  `json:"score"`
	Why   []string `json:"why"`
}

// explain understands a text for the panel; nil when there is nobody to ask.
func (d *Demo) explain(text string) any {
	if d.cfg.Explain == nil {
		return nil
	}
	v := d.cfg.Explain(text)
	if r, is := v.(understand.Result); is {
		return understood(r, d.content())
	}
	return v
}

func understood(r understand.Result, c *bot.Content) Understanding {
	w := words{c}
	u := Understanding{
		Windows: []Guess{}, Person: string(r.Person), Town: r.Town, Lang: r.Lang, Script: r.Script, Kind: string(r.Kind),
		Urgency: Urgency{
			Level: r.Urgency.Level.String(), Kind: r.Urgency.Kind, Name: w.danger(r.Urgency.Kind),
			Score: rounded(r.Urgency.Score), Why: reasons(r.Urgency.Why),
		},
	}
	for _, s := range r.Windows {
		u.Windows = append(u.Windows, Guess{ID: s.ID, Name: w.window(s.ID), Score: rounded(s.Score), Why: reasons(s.Why)})
	}
	return u
}

func rounded(score float64) float64 { return math.Round(score*1000) / 1000 }

// reasons are the pieces of the text, or the rule where there is none.
func reasons(why []understand.Reason) []string {
	out := []string{}
	for _, r := range why {
		s := strings.TrimSpace(cmp.Or(r.Words, r.Rule))
		if r.Rule == "learned" { // Words is a kind then, no piece of the text
			s = "学んだ言い方"
		}
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
