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

// ParseLabelled reads {"text","label"} a line.
func ParseLabelled(data []byte) ([]Labelled, error) {
	var out []Labelled
	for i, line := range bytes.Split(data, []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var l Labelled
		if err := json.Unmarshal(line, &l); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if l.Label == "" {
			return nil, fmt.Errorf("line %d: label is empty", i+1)
		}
		out = append(out, l)
	}
	return out, nil
}

// Classifier sorts texts under the labels of one set, with the same features
// and learning as the model of windows.
type Classifier struct {
	model    *Model
	sureness float64 // below it a text is outside
}

// wrongRefusals is the share of texts of the set itself that may be told to be
// outside; the threshold is chosen on texts held out in training.
const wrongRefusals = 0.03

// TrainClassifier learns a set of labelled texts. Texts labelled Outside, if
// there are any, are learned as a class of their own; texts the model is not
// sure of are told to be outside as well.
func TrainClassifier(set []Labelled, o Options) (*Classifier, error) {
	p := Pack{}
	known := make(map[string]bool)
	for i, l := range set {
		if !known[l.Label] {
			known[l.Label] = true
			p.Windows = append(p.Windows, WindowInfo{ID: l.Label})
		}
		p.Examples = append(p.Examples, Example{Text: l.Text, Window: l.Label, At: fmt.Sprintf("line:%d", i+1)})
	}
	if len(p.Windows) < 2 {
		return nil, errors.New("train classifier: two labels are needed at least")
	}
	slices.SortFunc(p.Windows, func(a, b WindowInfo) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	o.plain = true
	t, err := newTrainer(p, o)
	if err != nil {
		return nil, err
	}
	m, err := t.train()
	if err != nil {
		return nil, err
	}
	return &Classifier{model: m, sureness: t.sureness(wrongRefusals)}, nil
}

// Classify returns the label of a text, Outside when it belongs to none, and
// how sure that label is.
func (c *Classifier) Classify(text string) (string, float64) {
	best, ok := c.model.first(text)
	if !ok || best.Score < c.sureness {
		return Outside, best.Score
	}
	return best.ID, best.Score
}

// first is the likeliest window of a text; false when nothing in it is known.
func (m *Model) first(text string) (Scored, bool) {
	msg := m.prepare(text)
	sc := m.borrow()
	defer m.pool.Put(sc)
	sc.keys = m.messageKeys(sc.keys[:0], &msg)
	sc.feats = m.space.vector(sc.feats[:0], sc.keys, &sc.seen)
	m.scores(sc.z, sc.feats)
	softmaxAt(sc.p, sc.z[:m.windows], m.calibration.Temperature)
	top := 0
	for j := range sc.p {
		if sc.p[j] > sc.p[top] {
			top = j
		}
	}
	return Scored{ID: m.windowInfo[top].ID, Score: sc.p[top]}, len(sc.feats) > 0
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
