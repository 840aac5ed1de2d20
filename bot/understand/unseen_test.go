package understand_test

import (
	"os"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// TestUnseenStaysUnseen keeps two sets out of all training: unseen.jsonl, 519
// messages, and counter.jsonl, 617 of which a third are plain and short as
// people write to a counter, by three hands that wrote no example and saw none.
// What the model makes of them "tsunagu eval intents FILE" prints.
func TestUnseenStaysUnseen(t *testing.T) {
	t.Parallel()
	var cases []understand.Case
	for _, name := range []string{"testdata/unseen.jsonl", "testdata/counter.jsonl"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		list, err := understand.ParseCases(data)
		if err != nil || len(list) < 500 {
			t.Fatalf("%s: got %d messages (%v), want 500 at least", name, len(list), err)
		}
		cases = append(cases, list...)
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
