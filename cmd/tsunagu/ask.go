package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/faq"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// answer is one line of "ask --jsonl", as CONTRACT.md fixes it; Why is added
// by --json.
type answer struct {
	ID      any           `json:"id"` // as it was sent
	Lang    string        `json:"lang"`
	Intents []answerScore `json:"intents"`
	Urgent  bool          `json:"urgent"`
	Urgency string        `json:"urgency"`
	About   string        `json:"about"`
	Area    *string       `json:"area"`
	Level   string        `json:"level,omitempty"`
	Why     []string      `json:"why,omitempty"`
	FAQ     []faqHit      `json:"faq,omitempty"`
	Error   string        `json:"error,omitempty"` // of a line that cannot be read
}

// faqHit is one entry of the pack's FAQ that "ask --json" shows.
type faqHit struct {
	ID       string   `json:"id"`
	Question string   `json:"question"`
	Score    float64  `json:"score"`
	Sure     float64  `json:"sure,omitempty"`    // chance of being right; of the first only
	Answers  bool     `json:"answers,omitempty"` // would be shown to a resident who asks
	Verified string   `json:"verified"`
	Why      []string `json:"why,omitempty"`
}

// mostFAQ is how many entries "ask --json" lists.
const mostFAQ = 3

func faqHits(b *bot.Bot, text string) []faqHit {
	var list []faqHit
	for _, h := range b.FAQ(text, mostFAQ) {
		q := b.Content().FAQ[h.Entry]
		f := faqHit{
			ID: h.ID, Question: q.Question[bot.Ja], Score: thousandths(h.Score), Sure: thousandths(h.Sure), Verified: q.Verified,
			Answers: h.Answers && q.Known() && faq.IsQuestion(text),
		}
		for _, why := range h.Why {
			f.Why = append(f.Why, fmt.Sprintf("%s → %s", why.Said, why.Found))
		}
		list = append(list, f)
	}
	return list
}

func thousandths(x float64) float64 { return float64(int(x*1000+.5)) / 1000 }

type answerScore struct {
	ID    string  `json:"id"`
	Score float64 `json:"score"`
}

// maxLine bounds a text on standard input, in bytes.
const maxLine = 1 << 20

func askCommand(ctx context.Context, args []string, s streams) error {
	f := flags("ask", s)
	asJSON := f.Bool("json", false, "one JSON object, with reasons")
	lines := f.Bool("jsonl", false, `read {"id","text"} a line on standard input, write one line of JSON each, in order`)
	dir := f.String("pack", "", "content pack; empty: the embedded one")
	if err := parse(f, args); err != nil {
		return err
	}
	if *lines && f.NArg() > 0 {
		return wrongUsage("--jsonl reads standard input; leave TEXT out")
	}
	if *lines && *asJSON {
		return wrongUsage("--json is for one message, --jsonl for many; give one of them")
	}
	b, m, p, err := openBot(*dir, "", s.err)
	if err != nil {
		return err
	}
	if *lines {
		return askLines(ctx, m, s)
	}
	text := strings.TrimSpace(strings.Join(f.Args(), " "))
	if text == "" {
		raw, err := io.ReadAll(io.LimitReader(s.in, maxLine))
		if err != nil {
			return fmt.Errorf("read text: %w", err)
		}
		text = strings.TrimSpace(string(raw))
	}
	if text == "" {
		return wrongUsage("give a TEXT, or send one on standard input")
	}
	r := m.Understand(text, understand.Hint{})
	if *asJSON {
		a := toAnswer("", r)
		a.Level = r.Urgency.Level.String()
		for _, w := range r.Windows {
			for _, why := range w.Why {
				a.Why = append(a.Why, fmt.Sprintf("%s: %s %q", w.ID, why.Rule, why.Words))
			}
		}
		for _, why := range r.Urgency.Why {
			a.Why = append(a.Why, fmt.Sprintf("%s: %s %q", r.Urgency.Kind, why.Rule, why.Words))
		}
		a.FAQ = faqHits(b, text)
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(a)
	}
	if r.Urgency.Level != understand.LevelNone {
		_, _ = fmt.Fprintf(s.out, "危険 %s (%s, %.2f)\n", r.Urgency.Kind, r.Urgency.Level, r.Urgency.Score)
	}
	for _, w := range r.Windows {
		name := w.ID
		if window := p.Content.Window(w.ID); window != nil {
			name = window.Name.In("ja")
		}
		_, _ = fmt.Fprintf(s.out, "%.2f  %s  %s\n", w.Score, w.ID, name)
	}
	_, _ = fmt.Fprintf(s.out, "lang %s, about %s, town %q\n", r.Lang, r.Person, r.Town)
	return nil
}

func toAnswer(id any, r understand.Result) answer {
	a := answer{ID: id, Lang: r.Lang, About: string(r.Person), Intents: []answerScore{}}
	for _, w := range r.Windows {
		a.Intents = append(a.Intents, answerScore{ID: w.ID, Score: thousandths(w.Score)})
	}
	if bot.Urgent(r) {
		a.Urgent, a.Urgency = true, r.Urgency.Kind
	}
	if r.Town != "" {
		a.Area = &r.Town
	}
	return a
}
