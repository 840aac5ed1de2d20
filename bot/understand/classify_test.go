package understand_test

import (
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// smallSet is three labels in English with a few texts each.
func smallSet() []understand.Labelled {
	var out []understand.Labelled
	for _, set := range [][2]string{
		{"balance", "how much money is in my account|what is my balance|tell me my account balance|do i have enough money in checking|show the balance of my savings|what's left in my bank account|can you check how much i have|current balance please"},
		{"card", "my card was stolen|i lost my credit card|block my card now|somebody took my debit card|please freeze my card|report a lost card|my wallet with the card is gone|cancel the stolen card"},
		{"weather", "will it rain today|what's the weather tomorrow|is it going to snow|how hot is it outside|do i need an umbrella|forecast for the weekend|is it sunny in boston|temperature right now"},
	} {
		for text := range strings.SplitSeq(set[1], "|") {
			out = append(out, understand.Labelled{Text: text, Label: set[0]})
		}
	}
	return out
}

func TestClassifier(t *testing.T) {
	t.Parallel()
	c, err := understand.TrainClassifier(smallSet(), understand.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"someone stole my credit card": "card", "check the balance on my account": "balance", "is it raining": "weather",
		"ねこ": understand.Outside, "": understand.Outside,
	} {
		if got, sure := c.Classify(text); got != want {
			t.Errorf("Classify(%q): got %s (%.2f), want %s", text, got, sure, want)
		}
	}
	f := understand.EvalClassifier(c, append(smallSet(), understand.Labelled{Text: "ねこ", Label: understand.Outside}))
	if f.OOSRecall != (understand.Rate{Hits: 1, N: 1}) || f.Accuracy.N != 24 || f.Accuracy.Hits < 20 {
		t.Errorf("got %+v", f)
	}
}

func TestClassifierNeedsLabels(t *testing.T) {
	t.Parallel()
	if _, err := understand.TrainClassifier([]understand.Labelled{{Text: "a", Label: "x"}}, understand.Options{}); err == nil {
		t.Error("one label: got no error")
	}
	if _, err := understand.ParseLabelled([]byte(`{"text":"a"}`)); err == nil {
		t.Error("no label: got no error")
	}
}
