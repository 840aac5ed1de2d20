package main

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/insight"
)

// samples are made-up months, for the demo's report: there nobody has waited
// for a month to end. They go through the same counting as the real ones, and
// the report says that they are made up.
type samples struct {
	content func() *bot.Content
	last    func() insight.Month
}

// sampleMonths is how many there are.
const sampleMonths = 14

// FirstMonth implements tallyStore.
func (s samples) FirstMonth(context.Context) (insight.Month, error) {
	return s.last().Add(1 - sampleMonths), nil
}

// Tallies implements tallyStore.
func (s samples) Tallies(_ context.Context, from, to insight.Month) (list []insight.Tally, _ error) {
	for i := range sampleMonths {
		if m := s.last().Add(-i); from <= m && m <= to {
			list = append(list, s.month(m, i)...)
		}
	}
	return list, nil
}

// Judgements implements tallyStore: of made-up months nothing is decided.
func (samples) Judgements(context.Context, insight.Month, insight.Month) ([]insight.Judgement, error) {
	return nil, nil
}

// sampleWindows are asked for about so often in a hundred.
var sampleWindows = []struct {
	id    string
	often int
}{
	{"elder-care", 20}, {"housing", 11}, {"self-reliance", 14}, {"general-consult", 9}, {"food-support", 7}, {"child-rearing", 8},
	{"disability", 6}, {"salon-join", 6}, {"volunteer", 6}, {"foreigner", 5}, {"mental-health", 4}, {"garbage", 3}, {"hikikomori", 2}, {"dv", 1},
}

// month makes one of them up: the same month is always the same. ago is how
// long ago it was.
func (s samples) month(m insight.Month, ago int) (list []insight.Tally) {
	content := s.content()
	h := fnv.New64a()
	_, _ = h.Write([]byte(m))                // never fails
	r := rand.New(rand.NewPCG(h.Sum64(), 1)) //nolint:gosec // a sample must be the same every time
	begin, err := time.ParseInLocation("2006-01", string(m), bot.Tokyo)
	if err != nil {
		return nil
	}
	for range 260 - 6*ago {
		window, town, lang := s.window(r, ago), "", s.lang(r)
		if len(content.Towns) > 0 && r.IntN(3) > 0 {
			town = content.Towns[r.IntN(1+r.IntN(len(content.Towns)))].ID // some more than others
		}
		at := begin.AddDate(0, 0, r.IntN(m.Days())).Add(time.Duration(7*60+r.IntN(16*60)) * time.Minute)
		count := func(what string, window string) {
			list = append(list, insight.OfCount(bot.Count{What: what, Window: window, Lang: lang, Town: town, First: true}, at, content)...)
		}
		switch r.IntN(20) {
		case 0:
			count("not-ours", "out-of-scope")
			continue
		case 1:
			count("clarified", "")
			count("no-window", "")
			continue
		case 2, 3:
			count("clarified", "")
		}
		count("answered", window)
		if r.IntN(14) == 0 {
			count("wrong", window)
		}
		if w := content.Window(window); w == nil || !w.People || r.IntN(100) < 55 {
			continue
		}
		list = append(list, s.life(r, desk.Case{ID: "c", Window: window, Lang: lang, Town: town, OpenedAt: at})...)
	}
	return list
}

// life is what becomes of a case, all in its month.
func (s samples) life(r *rand.Rand, c desk.Case) (list []insight.Tally) {
	content, at := s.content(), c.OpenedAt
	was := desk.Case{}
	step := func() {
		list = append(list, insight.OfCase(was, c, at, content)...)
		was = c
	}
	if r.IntN(4) == 0 {
		c.With = []string{s.window(r, 0)}
		if c.Window == "housing" || c.Window == "food-support" {
			c.With = []string{"self-reliance"}
		}
	}
	if r.IntN(25) == 0 && len(content.Dangers) > 0 {
		c.Danger = content.Dangers[r.IntN(len(content.Dangers))].Kind
	}
	step()
	for len(c.Moves) < 3 && r.IntN(7) == 0 {
		to := s.window(r, 0)
		c.Moves = append(c.Moves[:len(c.Moves):len(c.Moves)], desk.Move{From: c.Window, To: to, At: at})
		c.Window = to
		step()
	}
	wait := []time.Duration{20 * time.Minute, 50 * time.Minute, 3 * time.Hour, 9 * time.Hour, 30 * time.Hour, 0}[min(r.IntN(6), r.IntN(7))]
	if wait == 0 || wait > desk.AnswerWithin {
		c.Waited = at.Add(desk.AnswerWithin)
		step()
	}
	if wait > 0 {
		c.Answered = at.Add(wait)
		step()
	}
	c.Status, c.ClosedAt = desk.Closed, at
	c.Outcome = []string{desk.Resolved, desk.Resolved, desk.Connected, desk.Connected, desk.Elsewhere, desk.NoAnswer}[r.IntN(6)]
	step()
	if wait > 0 && r.IntN(3) == 0 {
		c.Rating = &desk.Rating{Score: []int{3, 3, 3, 2, 1}[r.IntN(5)]}
		step()
	}
	return list
}

// window draws one that the pack has. Housing grew in the newest month.
func (s samples) window(r *rand.Rand, ago int) string {
	var draw []string
	for _, x := range sampleWindows {
		often := x.often
		if x.id == "housing" && ago == 0 {
			often *= 2
		}
		for range often {
			if s.content().Window(x.id) != nil {
				draw = append(draw, x.id)
			}
		}
	}
	if len(draw) == 0 {
		return ""
	}
	return draw[r.IntN(len(draw))]
}

func (s samples) lang(r *rand.Rand) bot.Lang {
	switch n := r.IntN(100); {
	case n < 78:
		return bot.Ja
	case n < 88:
		return bot.EasyJa
	case n < 92:
		return bot.En
	case n < 96:
		return bot.Zh
	case n < 98:
		return bot.Vi
	}
	return bot.Ko
}
