package bot_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// pack is the shipped content.
func pack(t *testing.T) *bot.Content {
	t.Helper()
	p, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatalf("load pack: %v %v", err, problems)
	}
	return p.Content
}

// torn is unsure between three windows, whatever is said.
type torn struct{ urgency understand.Urgency }

func (u torn) Understand(string, understand.Hint) understand.Result {
	return understand.Result{Lang: "ja", Script: "ja", Kind: understand.KindOrdinary, Urgency: u.urgency, Windows: []understand.Scored{
		{ID: "housing", Score: 0.3}, {ID: "legal", Score: 0.25}, {ID: "self-reliance", Score: 0.2},
	}}
}

func ids(windows []*bot.Window) []string {
	var out []string
	for _, w := range windows {
		out = append(out, w.ID)
	}
	return out
}

// offered is what the bot's clarifying question offers, in order.
func offered(t *testing.T, b *bot.Bot, in bot.Input) []string {
	t.Helper()
	in.ID, in.At = "1", time.Date(2026, 11, 27, 10, 0, 0, 0, bot.Tokyo)
	s, _ := b.Step(bot.State{}, in)
	if s.Question == nil {
		t.Fatal("the bot asked nothing")
	}
	var out []string
	for _, c := range s.Question.Choices {
		out = append(out, c.Data)
	}
	return out
}

func TestOrderOnlyReordersWhatTheBotAsks(t *testing.T) {
	t.Parallel()
	b := bot.New(pack(t), torn{})
	if got := ids(b.Doubt(bot.State{}, "例の件で、ちょっと")); !slices.Equal(got, []string{"housing", "legal", "self-reliance"}) {
		t.Fatalf("doubts: got %v", got)
	}
	wrote := bot.Wrote{MessageID: "m", Text: "例の件で、ちょっと"}
	own := offered(t, b, bot.Input{Event: wrote})
	if !slices.Equal(own[:3], []string{"window:housing", "window:legal", "window:self-reliance"}) {
		t.Errorf("own order: got %v", own)
	}
	other := offered(t, b, bot.Input{Event: wrote, Order: []string{"legal", "no-such-window"}})
	if !slices.Equal(other[:3], []string{"window:legal", "window:housing", "window:self-reliance"}) {
		t.Errorf("another order: got %v", other)
	}
}

func TestNoDoubtInDangerOrWithPeople(t *testing.T) {
	t.Parallel()
	danger := torn{understand.Urgency{Kind: "suicide", Level: understand.LevelCertain, Score: 0.9}}
	for name, got := range map[string][]*bot.Window{
		"danger":       bot.New(pack(t), danger).Doubt(bot.State{}, "例の件で、ちょっと"),
		"an open case": bot.New(pack(t), torn{}).Doubt(bot.State{Case: &bot.CaseView{ID: "c"}}, "例の件で、ちょっと"),
		"a question":   bot.New(pack(t), torn{}).Doubt(bot.State{Question: &bot.Question{Kind: bot.AskClarify}}, "例の件で、ちょっと"),
		"a command":    bot.New(pack(t), torn{}).Doubt(bot.State{}, "はい"),
		"nothing":      bot.New(pack(t), torn{}).Doubt(bot.State{}, " "),
	} {
		if len(got) > 0 {
			t.Errorf("%s: doubts between %v", name, ids(got))
		}
	}
}
