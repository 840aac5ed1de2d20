package bot_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// TestFAQAnswers asks the pack's FAQ in other words. An answer must be the right
// one (one wrong in twenty at most); no answer is better than a wrong one, so
// only six in ten must be answered.
func TestFAQAnswers(t *testing.T) {
	t.Parallel()
	b := embedded(t)
	table, err := os.ReadFile("testdata/faq-asked.tsv")
	if err != nil {
		t.Fatal(err)
	}
	answer := make(map[string]bot.FAQ)
	for _, q := range b.Content().FAQ {
		answer[q.ID] = q
	}
	asked, answered, wrong := 0, 0, 0
	for _, line := range strings.Split(strings.TrimSpace(string(table)), "\n")[1:] {
		text, want, _ := strings.Cut(line, "\t")
		if _, ok := answer[want]; want != "" && !ok {
			t.Fatalf("%s: there is no entry %q", text, want)
		}
		shown := faqShown(b, bot.State{}, text)
		if want != "" {
			asked++
		}
		if shown == "" {
			continue
		}
		answered++
		right := false
		for _, l := range bot.Langs {
			a := answer[want].Answer[l]
			right = right || a != "" && strings.HasPrefix(shown, a)
		}
		if !right {
			wrong++
			t.Logf("%s: got %q, want entry %q", text, shown, want)
		}
	}
	t.Logf("%d of %d answered, %d wrong", answered, asked, wrong)
	if wrong*20 > answered || answered*10 < asked*6 {
		t.Errorf("of %d questions %d were answered, %d wrong; want six in ten answered and at most one in twenty wrong", asked, answered, wrong)
	}
}

// TestFAQKeepsQuiet: in danger, beside an open case, for an entry nobody has
// verified, and in a language it is not written in, the FAQ says nothing.
func TestFAQKeepsQuiet(t *testing.T) {
	t.Parallel()
	b := embedded(t)
	const question = "書いたことはだれが読みますか"
	if faqShown(b, bot.State{}, question) == "" {
		t.Fatal("the question itself is not answered")
	}
	for name, at := range map[string]struct {
		state bot.State
		text  string
	}{
		"open case":   {bot.State{Case: &bot.CaseView{ID: "c", Window: "housing"}}, question},
		"watched":     {bot.State{Watch: "c"}, question},
		"danger":      {bot.State{}, "もう死にたい。" + question},
		"unverified":  {bot.State{}, "成年後見制度とは何ですか。"},
		"Korean":      {bot.State{Lang: bot.Ko, LangChosen: true}, question},
		"no question": {bot.State{}, "書いたことを読む人"},
	} {
		if got := faqShown(b, at.state, at.text); got != "" {
			t.Errorf("%s: got %q, want no answer from the FAQ", name, got)
		}
	}
}

// faqShown is the FAQ's answer to a text, "" when it gave none.
func faqShown(b *bot.Bot, s bot.State, text string) string {
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	_, effects := b.Step(s, bot.Input{ID: "x", At: at, Event: bot.Wrote{MessageID: "m", Text: text}})
	said, faq := "", false
	for _, e := range effects {
		switch e := e.(type) {
		case bot.Say:
			if first, ok := e.Messages[0].(bot.Text); ok {
				said = first.Text
			}
		case bot.Count:
			faq = faq || e.What == "faq"
		}
	}
	if !faq {
		return ""
	}
	return said
}
