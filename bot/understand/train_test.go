package understand

import "testing"

// TestFragmentsTeachNoWindow: the clauses of an example tell only that nobody is
// in danger, those of an example of danger tell nothing.
func TestFragmentsTeachNoWindow(t *testing.T) {
	t.Parallel()
	tr, err := newTrainer(Pack{
		Windows: []WindowInfo{{ID: "housing"}, {ID: "suicide", Kind: "emergency"}},
		Examples: []Example{
			{Text: "家賃が払えません。もう夜です。", Window: "housing", Voice: "a"},
			{Text: "家賃が払えません。もう夜です。どうしたらいいですか。", Window: "housing", Voice: "b"},
			{Text: "もう夜です。橋の上です。さようなら。", Window: "suicide", Urgent: "suicide", Voice: "b"},
		},
	}, Options{Fragment: 0.25})
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.prepare(); err != nil {
		t.Fatal(err)
	}
	fragments := 0
	for _, s := range tr.samples {
		if s.window >= 0 {
			continue
		}
		fragments++
		if s.kind >= 0 || s.other >= 0 || s.easy >= 0 || s.weight != 0.25 || s.source < 0 || s.source > 1 {
			t.Errorf("got %+v", s)
		}
	}
	if fragments < 4 {
		t.Errorf("got %d fragments of five clauses", fragments)
	}
}
