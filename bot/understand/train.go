package understand

import (
	"errors"
	"fmt"
	"slices"
)

// Options of training. The zero value is what the product uses.
type Options struct {
	Seed     uint64
	Epochs   int     // 0 means 6
	Rate     float64 // 0 means 4
	Features int     // most features kept while learning, 0 means 400,000
	Ship     int     // most features kept in the model, 0 means 120,000
	Folds    int     // of cross-fitting for calibration, 0 means 5, negative means none
	Copies   int     // learner and kana copies of each example, 0 means none

	ConceptCopy float64 // weight of copies of examples with their concepts only, 0 means 0.1, negative means none
	Fragment    float64 // weight of clauses of examples without danger, 0 means 0.3, negative means none
}

func (o Options) withDefaults() Options {
	if o.Epochs == 0 {
		o.Epochs = 6
	}
	if o.Rate == 0 {
		o.Rate = 4
	}
	if o.Features == 0 {
		o.Features = 400_000
	}
	if o.Ship == 0 {
		o.Ship = 120_000
	}
	if o.Folds == 0 {
		o.Folds = 5
	}
	if o.ConceptCopy == 0 {
		o.ConceptCopy = 0.1
	}
	if o.Fragment == 0 {
		o.Fragment = 0.3
	}
	return o
}

// trainer holds the state of one training.
type trainer struct {
	pack    Pack
	opt     Options
	model   *Model
	index   map[string]int // window → number
	samples []sample
	voices  []string
	seen    stamps
	held    []outputs // of each sample by a model that has not seen it
}

// Train learns a model from a pack. The same pack and options give the same
// model, whatever the machine. It uses one core.
func Train(p Pack, o Options) (*Model, error) {
	t, err := newTrainer(p, o)
	if err != nil {
		return nil, err
	}
	return t.train()
}

func newTrainer(p Pack, o Options) (*trainer, error) {
	if len(p.Windows) < 2 {
		return nil, errors.New("train: a pack needs two windows at least")
	}
	t := &trainer{pack: p, opt: o.withDefaults(), index: make(map[string]int)}
	a, err := newAnalyser()
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	t.model = newModel(p, a)
	for i, w := range p.Windows {
		t.index[w.ID] = i
	}
	return t, nil
}

func (t *trainer) train() (*Model, error) {
	if err := t.prepare(); err != nil {
		return nil, err
	}
	full := fitMean(t.samples, len(t.model.space.keys), t.model.layout, t.settings())
	t.model.calibration.learnTogether(t.samples, t.model.layout)
	if t.opt.Folds > 1 {
		t.crossFit()
		t.model.calibration.learn(t.samples, t.held, t.model.layout)
		t.learnDanger()
	}
	t.model.quantise(full, t.opt.Ship)
	return t.model, nil
}

func (t *trainer) settings() settings {
	return settings{epochs: t.opt.Epochs, rate: t.opt.Rate, l2: 1e-4, urgentW: 1, conceptDrop: 0.5, space: t.model.space, alsoW: 0.4, seed: t.opt.Seed + 1}
}

// prepare turns examples into samples.
func (t *trainer) prepare() error {
	var texts [][]key
	var owner []int
	var messages []message
	voice := make(map[string]int)
	for i := range t.pack.Examples {
		e := &t.pack.Examples[i]
		s, err := t.label(e)
		if err != nil {
			return err
		}
		if _, ok := voice[e.Voice]; !ok {
			voice[e.Voice] = len(t.voices)
			t.voices = append(t.voices, e.Voice)
		}
		s.voice, s.source, s.weight = voice[e.Voice], i, 1
		m := t.model.prepare(e.Text)
		t.samples = append(t.samples, s)
		texts = append(texts, t.model.messageKeys(nil, &m))
		owner = append(owner, len(t.samples)-1)
		messages = append(messages, m)
		for c := range max(0, t.opt.Copies) {
			if text := t.model.copyOf(&m, t.opt.Seed+uint64(i*7+c), c); text != "" {
				m := t.model.prepare(text)
				s.weight = 0.5
				if s.easy == 0 {
					s.easy = -1
				}
				t.samples = append(t.samples, s)
				texts = append(texts, t.model.messageKeys(nil, &m))
				owner = append(owner, -1)
			}
		}
	}
	t.model.space = learnSpace(texts, 2, t.opt.Features)
	for i := range t.samples {
		t.samples[i].feats = t.model.space.vector(nil, texts[i], &t.seen)
		if owner[i] < 0 {
			t.samples[i].source = -1 - t.samples[i].source
		}
	}
	t.parts(messages)
	t.conceptCopies()
	t.fragments(messages)
	return nil
}

// parts scores clauses of examples apart, and reads their cues.
func (t *trainer) parts(messages []message) {
	var keys []key
	for i := range t.samples {
		s := &t.samples[i]
		if s.source < 0 {
			continue
		}
		msg := &messages[s.source]
		s.cues = t.model.cues.flags(msg)
		if len(msg.clauses) < 2 {
			continue
		}
		for k := range msg.clauses {
			keys = t.model.appendKeys(keys[:0], &msg.clauses[k])
			s.parts = append(s.parts, t.model.space.vector(nil, keys, &t.seen))
		}
	}
}

// conceptCopies adds a copy of each example of which only the concepts are
// left, so that what Japanese examples teach carries over to languages that
// share nothing else with them.
func (t *trainer) conceptCopies() {
	if t.opt.ConceptCopy < 0 || len(t.pack.Lexicon) == 0 {
		return
	}
	for i := range t.samples {
		s := t.samples[i]
		if s.source < 0 {
			continue
		}
		var feats []feature
		for _, f := range s.feats {
			if t.model.space.chans[f.id] == chConcept {
				feats = append(feats, f)
			}
		}
		if len(feats) == 0 {
			continue
		}
		s.feats, s.parts, s.source, s.weight, s.other, s.easy = feats, nil, -1-s.source, float32(t.opt.ConceptCopy), -1, -1
		t.samples = append(t.samples, s)
	}
}

// fragments adds the clauses of examples without danger, each alone, as words
// that tell only that nobody is in danger: people write short messages far
// oftener than those who write examples do, and of a few words each weighs much.
func (t *trainer) fragments(messages []message) {
	if t.opt.Fragment < 0 {
		return
	}
	for i := range t.samples {
		s := t.samples[i]
		if s.source < 0 || s.kind >= 0 || len(s.parts) == 0 {
			continue
		}
		for k, feats := range s.parts {
			if len(feats) == 0 {
				continue
			}
			alone := message{clauses: messages[s.source].clauses[k : k+1]}
			t.samples = append(t.samples, sample{
				feats: feats, cues: t.model.cues.flags(&alone), window: -1, kind: -1, other: -1, easy: -1,
				voice: s.voice, source: s.source, weight: float32(t.opt.Fragment),
			})
		}
	}
}

// label turns what is known of an example into numbers.
func (t *trainer) label(e *Example) (sample, error) {
	s := sample{window: -1, kind: -1, other: -1, easy: -1}
	if e.Window != "" {
		n, ok := t.index[e.Window]
		if !ok {
			return s, fmt.Errorf("train: %s: unknown window %q", e.At, e.Window)
		}
		s.window = n
		s.other = 0
		if e.Other {
			s.other = 1
		}
	}
	for _, id := range e.Also {
		n, ok := t.index[id]
		if !ok {
			return s, fmt.Errorf("train: %s: unknown window %q", e.At, id)
		}
		if n != s.window && !has(s.also, n) {
			s.also = append(s.also, n)
		}
	}
	if e.Urgent != "" {
		s.kind = slices.Index(t.model.kinds, e.Urgent)
		if s.kind < 0 {
			return s, fmt.Errorf("train: %s: unknown danger %q", e.At, e.Urgent)
		}
	}
	switch e.Lang {
	case "", "ja":
		s.easy = 0
	case "ja-easy", "ja-hira", "ja-learner", "romaji":
		s.easy = 1
	}
	return s, nil
}

// crossFit scores each example by a model that has not seen its voice: voices
// are dealt into folds, each is scored by a model of the others.
func (t *trainer) crossFit() {
	folds := min(t.opt.Folds, len(t.voices))
	byVoice := folds > 1
	if !byVoice {
		folds = t.opt.Folds
	}
	t.held = make([]outputs, len(t.samples))
	for f := range folds {
		inFold := func(s *sample) bool {
			if byVoice {
				return s.voice%folds == f
			}
			src := s.source
			if src < 0 {
				src = -1 - src
			}
			return src%folds == f
		}
		var train []sample
		for i := range t.samples {
			if !inFold(&t.samples[i]) {
				train = append(train, t.samples[i])
			}
		}
		if len(train) == 0 {
			continue
		}
		o := t.settings()
		m := fit(train, len(t.model.space.keys), t.model.layout, o)
		for i := range t.samples {
			if s := &t.samples[i]; s.source >= 0 && inFold(s) {
				t.held[i] = m.outputs(s)
			}
		}
	}
}
