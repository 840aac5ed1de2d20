package understand

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Labelled is one text of any labelled set.
type Labelled struct {
	Text  string `json:"text"`
	Label string `json:"label"`
}

// Outside is the label of texts that belong to none of the others.
const Outside = "oos"

// ParseLabelled reads {"text","label"} a line. A label may be a number, as in
// many published sets; a byte order mark is passed over.
func ParseLabelled(data []byte) ([]Labelled, error) {
	var out []Labelled
	for i, line := range bytes.Split(bytes.TrimPrefix(data, []byte("\ufeff")), []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var raw struct {
			Text  *string         `json:"text"`
			Label json.RawMessage `json:"label"`
		}
		if err := json.Unmarshal(line, &raw); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if raw.Text == nil {
			return nil, fmt.Errorf("line %d: text is missing", i+1)
		}
		l := Labelled{Text: *raw.Text}
		var number json.Number
		if err := json.Unmarshal(raw.Label, &l.Label); err != nil && json.Unmarshal(raw.Label, &number) == nil {
			l.Label = number.String()
		}
		if l.Label == "" {
			return nil, fmt.Errorf("line %d: label is empty, or neither text nor a number", i+1)
		}
		out = append(out, l)
	}
	return out, nil
}

// Classifier sorts texts under the labels of one set. It does not change once
// made and may be used by many goroutines at once.
type Classifier struct {
	labels []string
	sorter *sorter
	gate   gate
}

// TrainClassifier learns a set of labelled texts. Texts labelled Outside, if
// there are any, are learned as a class of their own, beside things people say
// to any bot; texts too unlike those of the set are told to be outside. The
// same set and seed give the same classifier; of the options only Seed counts.
func TrainClassifier(set []Labelled, o Options) (*Classifier, error) {
	c := &Classifier{}
	for _, l := range set {
		if l.Label != Outside {
			c.labels = append(c.labels, l.Label)
		}
	}
	slices.Sort(c.labels)
	c.labels = slices.Compact(c.labels)
	if len(c.labels) < 2 {
		return nil, errors.New("train classifier: two labels are needed at least")
	}
	text, err := newLabelText(set)
	if err != nil {
		return nil, fmt.Errorf("train classifier: %w", err)
	}
	t := &labelTrainer{text: text, labels: len(c.labels), seed: o.Seed}
	for _, l := range set {
		e := labelled{readText: text.read(readText{}, l.Text), label: t.labels}
		if l.Label != Outside {
			e.label, _ = slices.BinarySearch(c.labels, l.Label)
		}
		t.set = append(t.set, e)
	}
	t.addBackdrop()
	c.gate = fitGate(t.holdOut(), recallWorth(len(set)))
	c.sorter = t.learn(t.set)
	return c, nil
}

// Classify returns the label of a text, Outside when it belongs to none, and
// the probability, 0..1, that it is not outside.
func (c *Classifier) Classify(text string) (string, float64) {
	sc := c.sorter.borrow()
	defer c.sorter.pool.Put(sc)
	sc.read = c.sorter.text.read(sc.read, text)
	r := c.sorter.sort(sc.read, sc)
	if !r.known {
		return Outside, 0
	}
	p := c.gate.probability(&r.signals)
	if p > c.gate.limit {
		return Outside, 1 - p
	}
	return c.labels[r.label], 1 - p
}

// ClassFigures is what a classifier reached.
type ClassFigures struct {
	Accuracy  Rate `json:"accuracy"`   // of texts that belong to a label
	OOSRecall Rate `json:"oos_recall"` // of texts outside, told so
	Refused   Rate `json:"refused"`    // of texts that belong, told to be outside
}

// EvalClassifier measures a classifier.
func EvalClassifier(c *Classifier, test []Labelled) ClassFigures {
	var f ClassFigures
	for _, l := range test {
		got, _ := c.Classify(l.Text)
		if l.Label == Outside {
			f.OOSRecall.add(got == Outside)
			continue
		}
		f.Accuracy.add(got == l.Label)
		f.Refused.add(got == Outside)
	}
	return f
}
