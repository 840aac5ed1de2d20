package intents_test

import (
	"testing"
	"testing/fstest"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
)

func embedded(t *testing.T) *intents.Pack {
	t.Helper()
	p, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatalf("load pack: %v %v", err, problems)
	}
	return p
}

// TestNoExampleStandsInTheExam: figures on messages the model has learned by
// heart would be worth nothing.
func TestNoExampleStandsInTheExam(t *testing.T) {
	t.Parallel()
	p := embedded(t)
	if len(p.Exam) < 400 {
		t.Fatalf("the exam has %d messages, want at least 400", len(p.Exam))
	}
	asked := make(map[string]string, len(p.Exam))
	for _, c := range p.Exam {
		asked[understand.SameWords(c.Text)] = c.ID
	}
	for _, e := range p.Examples {
		if id, ok := asked[understand.SameWords(e.Text)]; ok {
			t.Errorf("%s stands in the exam too, as %s", e.At, id)
		}
	}
}

func TestExamKnowsItsWindows(t *testing.T) {
	t.Parallel()
	p := embedded(t)
	for _, c := range p.Exam {
		for _, id := range append(c.Expect, c.Also...) {
			if p.Content.Window(id) == nil {
				t.Errorf("%s expects %q, which is no window", c.ID, id)
			}
		}
	}
}

// TestExamDoesNotAskForTraining: a better exam must not make the model stale.
func TestExamDoesNotAskForTraining(t *testing.T) {
	t.Parallel()
	if _, ok, err := intents.EmbeddedModel(embedded(t)); !ok || err != nil {
		t.Fatalf("the embedded model belongs to the pack: got %v, %v", ok, err)
	}
	_, problems, err := intents.Load(fstest.MapFS{"exam.jsonl": {Data: []byte("{}\n")}})
	if err == nil {
		t.Fatal("an empty pack was loaded")
	}
	found := false
	for _, p := range problems {
		found = found || p.File == "exam.jsonl"
	}
	if !found {
		t.Errorf("an exam without expectations: got %v, want a problem that names exam.jsonl", problems)
	}
}
