package understand

import (
	"cmp"
	"math"
	"slices"
)

// What a running model learns of examples people accepted: learnMargin
// is how far the right window must lie ahead of the strongest other one, in raw
// outputs; so much that what is said in other words gets there too. Measured on
// the exam: three examples at this margin spoil none to one of 460 messages.
const (
	learnMargin = 6.0
	learnRounds = 20
	wordStep    = 3    // words move further than n-grams: a paraphrase keeps words
	enough      = 0.01 // a shortfall not worth another move
)

// Learn returns a model that has taken further examples to heart; m itself
// stays as it is. It takes milliseconds, so that every running process can
// follow what staff accept without training anew. The same model and examples
// give the same result in whatever order they come.
//
// Each example moves the weights just so far that it is right by a margin
// (passive-aggressive learning: Crammer and others, Online Passive-Aggressive
// Algorithms, Journal of Machine Learning Research 7, 2006), rare words most, so
// what the example says nothing of stays untouched. Danger can be added, never taken
// away: an example without a kind leaves the outputs of danger alone, and where the
// model danger was trained with is surer, that one counts.
//
// Examples of windows the model does not know are left out.
func (m *Model) Learn(examples []Example) *Model {
	l := &learner{Model: m.twin(), rows: make(map[int32][]float32)}
	list := slices.Clone(examples)
	slices.SortFunc(list, func(a, b Example) int {
		return cmp.Or(cmp.Compare(a.Text, b.Text), cmp.Compare(a.Window, b.Window))
	})
	var lessons []lesson
	for _, e := range list {
		if s, ok := l.lesson(e); ok {
			lessons = append(lessons, s)
		}
	}
	l.vectors(lessons)
	for range learnRounds {
		moved := false
		for i := range lessons {
			moved = l.teach(&lessons[i]) || moved
		}
		if !moved {
			break
		}
	}
	l.write()
	return l.Model
}

// untaught is the model as it was trained.
func (m *Model) untaught() *Model {
	if m.taught != nil {
		return m.taught
	}
	return m
}

// twin is a model with weights of its own; what does not change is shared.
func (m *Model) twin() *Model {
	t := &Model{
		taught:   m.untaught(),
		analyser: m.analyser, layout: m.layout, windowInfo: m.windowInfo, windowIndex: m.windowIndex, kinds: m.kinds,
		space:   &space{keys: slices.Clone(m.space.keys), chans: slices.Clone(m.space.chans), idf: slices.Clone(m.space.idf)},
		weights: slices.Clone(m.weights), scale: slices.Clone(m.scale), bias: m.bias,
		calibration: m.calibration, concepts: m.concepts, cues: m.cues, towns: m.towns,
	}
	t.pool.New = func() any { return &scratch{} }
	return t
}

// learner is a model while it learns: the rows of weights that move are kept
// as numbers until they are written back into bytes.
type learner struct {
	*Model
	rows map[int32][]float32
	seen stamps
}

// lesson is one example in numbers.
type lesson struct {
	keys   []key
	feats  []feature
	steps  []feature // how far each feature's weights move
	square float32   // what a step of one adds to an output
	window int
	also   []int
	kind   int // -1: says nothing of danger
}

func (l *learner) lesson(e Example) (lesson, bool) {
	n, ok := l.windowIndex[e.Window]
	if !ok {
		return lesson{}, false
	}
	msg := l.prepare(e.Text)
	s := lesson{window: n, kind: slices.Index(l.kinds, e.Urgent), keys: l.messageKeys(nil, &msg)}
	for _, id := range e.Also {
		if a, ok := l.windowIndex[id]; ok && a != n {
			s.also = append(s.also, a)
		}
	}
	return s, len(s.keys) > 0
}

// vectors gives words nobody used before a place in the model, as rare as the
// rarest, and turns keys into features.
func (l *learner) vectors(lessons []lesson) {
	l.space.build()
	rarest := float32(0)
	for _, v := range l.space.idf {
		rarest = max(rarest, v)
	}
	fresh := make(map[uint32]bool)
	for i := range lessons {
		for _, k := range lessons[i].keys {
			if fresh[k.hash] || l.space.find(k.hash) >= 0 {
				continue
			}
			fresh[k.hash] = true
			l.space.keys = append(l.space.keys, k.hash)
			l.space.chans = append(l.space.chans, k.ch)
			l.space.idf = append(l.space.idf, rarest)
		}
	}
	l.scale = append(l.scale, make([]float32, len(fresh))...)
	l.weights = append(l.weights, make([]int8, len(fresh)*l.size())...)
	l.space.build()
	for i := range lessons {
		s := &lessons[i]
		s.feats = l.space.vector(nil, s.keys, &l.seen)
		for _, f := range s.feats {
			step := feature{f.id, f.val * l.space.idf[f.id] / rarest}
			if l.space.chans[f.id] == chWord || l.space.chans[f.id] == chConcept || l.space.chans[f.id] == chEnglish {
				step.val *= wordStep
			}
			s.steps = append(s.steps, step)
			s.square += f.val * step.val
		}
	}
}

// teach moves the weights until one example is right; false when it was.
func (l *learner) teach(s *lesson) bool {
	z := make([]float32, l.size())
	l.now(z, s.feats)
	moved := false
	push := func(out int, short float32) {
		if short > enough && s.square > 0 {
			l.move(s.steps, out, short/s.square)
			moved = true
		}
	}
	// The right window against the strongest other one, half the way each.
	rival := -1
	for j, v := range z[:l.windows] {
		if j != s.window && (rival < 0 || v > z[rival]) {
			rival = j
		}
	}
	if short := learnMargin - (z[s.window] - z[rival]); short > enough && s.square > 0 {
		l.move(s.steps, s.window, short/2/s.square)
		l.move(s.steps, rival, -short/2/s.square)
		moved = true
	}
	for _, j := range append([]int{s.window}, s.also...) {
		push(l.also()+j, learnMargin-z[l.also()+j])
	}
	if s.kind >= 0 {
		push(l.kind()+s.kind, learnMargin-z[l.kind()+s.kind])
		push(l.any(), learnMargin-z[l.any()])
	}
	return moved
}

// now adds up the outputs with the rows as far as they have moved.
func (l *learner) now(z []float32, feats []feature) {
	copy(z, l.bias)
	for _, f := range feats {
		addScaled(z, l.row(f.id), f.val)
	}
}

func (l *learner) row(id int32) []float32 {
	row, ok := l.rows[id]
	if !ok {
		h := l.size()
		row = make([]float32, h)
		for j, w := range l.weights[int(id)*h:][:h] {
			row[j] = float32(w) * l.scale[id]
		}
		l.rows[id] = row
	}
	return row
}

func (l *learner) move(steps []feature, out int, by float32) {
	for _, f := range steps {
		l.row(f.id)[out] += by * f.val
	}
}

// write turns the rows back into bytes.
func (l *learner) write() {
	h := l.size()
	for id, row := range l.rows {
		top := float32(0)
		for _, w := range row {
			top = max(top, w, -w)
		}
		l.scale[id] = top / 127
		for j, w := range row {
			if top == 0 {
				l.weights[int(id)*h+j] = 0
				continue
			}
			l.weights[int(id)*h+j] = int8(math.Round(float64(w / top * 127)))
		}
	}
}

// Change is what further examples do to a model, measured on messages no
// training touches.
type Change struct {
	Before, After Rate     // right first windows
	Spoiled       []string // messages that were right before and are wrong now
	Mended        []string // and the other way round
}

// Worse says whether the examples spoil more than they mend.
func (c Change) Worse() bool { return len(c.Spoiled) > len(c.Mended) }

// Compare measures two models on the same messages.
func Compare(before, after *Model, cases []Case) Change {
	var c Change
	for _, k := range cases {
		was := slices.Contains(k.Expect, firstOf(before.Understand(k.Text, Hint{})))
		is := slices.Contains(k.Expect, firstOf(after.Understand(k.Text, Hint{})))
		c.Before.add(was)
		c.After.add(is)
		switch {
		case was && !is:
			c.Spoiled = append(c.Spoiled, k.ID)
		case is && !was:
			c.Mended = append(c.Mended, k.ID)
		}
	}
	return c
}
