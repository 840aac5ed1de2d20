package understand_test

import (
	"os"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// TestUnseenStaysUnseen keeps testdata/unseen.jsonl out of all training: 519
// messages by a hand that wrote no example and saw none. What the model makes
// of them is printed by "tsunagu eval intents bot/understand/testdata/unseen.jsonl".
func TestUnseenStaysUnseen(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/unseen.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	cases, err := understand.ParseCases(data)
	if err != nil || len(cases) < 500 {
		t.Fatalf("got %d messages (%v), want 500 at least", len(cases), err)
	}
	p, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatalf("load the pack: %v %v", err, problems)
	}
	known := map[string]string{}
	for _, e := range p.ForTraining().Examples {
		known[understand.SameWords(e.Text)] = e.At
	}
	for _, c := range cases {
		if at, ok := known[understand.SameWords(c.Text)]; ok {
			t.Errorf("%s stands in training at %s", c.ID, at)
		}
	}
}
