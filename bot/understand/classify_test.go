package understand_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// labelledSet reads one of our own small sets: a bicycle shop's chat in
// English, a library's desk in Japanese.
func labelledSet(t testing.TB, name string) []understand.Labelled {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "classify", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := understand.ParseLabelled(b)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func trained(t testing.TB, set []understand.Labelled) *understand.Classifier {
	t.Helper()
	c, err := understand.TrainClassifier(set, understand.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestClassifierOnSmallSets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name              string
		accuracy, outside float64 // at least
	}{
		{"en", 0.85, 0.4},
		{"ja", 0.8, 0.6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := trained(t, labelledSet(t, tt.name+".train"))
			f := understand.EvalClassifier(c, labelledSet(t, tt.name+".test"))
			t.Logf("%+v", f)
			if got := f.Accuracy.Share(); got < tt.accuracy {
				t.Errorf("accuracy: got %.3f (%+v), want %.3f", got, f.Accuracy, tt.accuracy)
			}
			if got := f.OOSRecall.Share(); got < tt.outside {
				t.Errorf("texts outside: got %.3f (%+v), want %.3f", got, f.OOSRecall, tt.outside)
			}
		})
	}
}

// Texts labelled outside in training make texts outside easier to tell.
func TestClassifierLearnsOutside(t *testing.T) {
	t.Parallel()
	test := labelledSet(t, "en.test")
	train := labelledSet(t, "en.train")
	without := understand.EvalClassifier(trained(t, train), test)
	for i, l := range test { // every other one is learned
		if l.Label == understand.Outside && i%2 == 0 {
			train = append(train, l)
		}
	}
	with := understand.EvalClassifier(trained(t, train), test)
	if with.OOSRecall.Hits <= without.OOSRecall.Hits || with.Accuracy.Share() < 0.8 {
		t.Errorf("with outside in training: got %+v, without %+v", with, without)
	}
}

func TestClassifierRefusesWhatHasNothingKnown(t *testing.T) {
	t.Parallel()
	c := trained(t, labelledSet(t, "en.train"))
	for _, text := range []string{"", "   ", "🎈🎈", "ねこ", "\xff\xfe", "१२३"} {
		if got, sure := c.Classify(text); got != understand.Outside || sure > 0.5 {
			t.Errorf("Classify(%q): got %s (%.2f), want %s", text, got, sure, understand.Outside)
		}
	}
}

func TestClassifierIsReproducible(t *testing.T) {
	t.Parallel()
	set := labelledSet(t, "en.train")
	a, b := trained(t, set), trained(t, set)
	var wg sync.WaitGroup
	for _, l := range labelledSet(t, "en.test") {
		wg.Go(func() {
			one, p := a.Classify(l.Text)
			two, q := b.Classify(l.Text)
			if one != two || p != q || p < 0 || p > 1 {
				t.Errorf("Classify(%q): got %s (%v) and %s (%v), want the same in 0..1", l.Text, one, p, two, q)
			}
		})
	}
	wg.Wait()
}

// Sets too small to hold anything out, with one text a label or everything
// but one label outside, still train.
func TestClassifierOfVerySmallSets(t *testing.T) {
	t.Parallel()
	for name, set := range map[string][]understand.Labelled{
		"one text a label": {{Text: "open the door", Label: "open"}, {Text: "close it", Label: "close"}},
		"much outside": {
			{Text: "open the door", Label: "open"}, {Text: "close it", Label: "close"},
			{Text: "moon", Label: understand.Outside}, {Text: "sun", Label: understand.Outside}, {Text: "stars", Label: understand.Outside},
		},
		"the same text twice": {{Text: "hello", Label: "a"}, {Text: "hello", Label: "b"}, {Text: "bye now", Label: "b"}},
		"an empty text":       {{Text: "", Label: "a"}, {Text: "close it", Label: "b"}},
		"Thai and Chinese":    {{Text: "สวัสดีครับ", Label: "a"}, {Text: "请问图书馆在哪里", Label: "b"}},
	} {
		c := trained(t, set)
		if got, _ := c.Classify("open the door"); name == "one text a label" && got != "open" {
			t.Errorf("%s: got %s, want open", name, got)
		}
	}
}

func TestClassifierNeedsLabels(t *testing.T) {
	t.Parallel()
	for name, set := range map[string][]understand.Labelled{
		"none": nil, "one": {{Text: "a", Label: "x"}}, "one and outside": {{Text: "a", Label: "x"}, {Text: "b", Label: understand.Outside}},
	} {
		if _, err := understand.TrainClassifier(set, understand.Options{}); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	if _, err := understand.ParseLabelled([]byte(`{"text":"a"}`)); err == nil {
		t.Error("no label: got no error")
	}
}

func BenchmarkClassify(b *testing.B) {
	for _, name := range []string{"en", "ja"} {
		c := trained(b, labelledSet(b, name+".train"))
		test := labelledSet(b, name+".test")
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c.Classify(test[i%len(test)].Text)
			}
		})
	}
}

func BenchmarkTrainClassifier(b *testing.B) {
	set := labelledSet(b, "en.train")
	b.ReportAllocs()
	for b.Loop() {
		trained(b, set)
	}
}
