package understand

import (
	"math"
	"slices"
	"sync"
)

// Model is a trained model. It does not change once made and may be used by
// many goroutines at once.
type Model struct {
	taught *Model // the model this one learned from staff's lessons beyond; nil when it did not

	*analyser
	layout
	windowInfo  []WindowInfo
	windowIndex map[string]int
	kinds       []string
	space       *space
	weights     []int8 // a row of outputs a feature
	scale       []float32
	bias        []float32
	calibration calibration
	concepts    []Concept
	cues        *cueBook
	towns       *gazetteer
	pool        sync.Pool // of *scratch
}

func newModel(p Pack, a *analyser) *Model {
	m := &Model{
		analyser:    a,
		windowInfo:  slices.Clone(p.Windows),
		windowIndex: make(map[string]int),
		kinds:       UrgencyKinds(),
		concepts:    p.Lexicon,
		calibration: newCalibration(),
		towns:       newGazetteer(p.Towns),
		cues:        newCueBook(p.Cues, a),
	}
	m.layout = layout{windows: len(m.windowInfo), kinds: len(m.kinds)}
	for i, w := range m.windowInfo {
		m.windowIndex[w.ID] = i
	}
	m.lexicon = newConceptBook(p.Lexicon, a)
	m.pool.New = func() any { return &scratch{} }
	return m
}

// Windows are the windows the model knows, in the pack's order.
func (m *Model) Windows() []WindowInfo { return slices.Clone(m.windowInfo) }

// scratch is the memory one call needs.
type scratch struct {
	all   []key
	feats []feature
	z     []float32
	best  []float32
	zc    []float32
	p     []float64
	order []int
	sort  []float32
	seen  stamps
}

func (m *Model) borrow() *scratch {
	sc, _ := m.pool.Get().(*scratch)
	if h := m.size(); len(sc.z) != h {
		sc.z, sc.best, sc.zc = make([]float32, h), make([]float32, h), make([]float32, h)
		sc.p = make([]float64, m.windows)
	}
	return sc
}

// messageKeys adds the features of all clauses.
func (m *Model) messageKeys(keys []key, msg *message) []key {
	for i := range msg.clauses {
		keys = m.appendKeys(keys, &msg.clauses[i])
	}
	return keys
}

// quantise keeps the ship features that move the outputs most, each weight in
// one byte.
func (m *Model) quantise(l *linear, ship int) {
	h := l.size()
	n := len(m.space.keys)
	type rank struct {
		id    int
		force float32
	}
	ranks := make([]rank, n)
	for i := range ranks {
		var sum float64
		for _, w := range l.w[i*h : i*h+h] {
			sum += float64(w) * float64(w)
		}
		ranks[i] = rank{i, float32(math.Sqrt(sum)) * m.space.idf[i]}
	}
	if n > ship {
		slices.SortStableFunc(ranks, func(a, b rank) int {
			switch {
			case a.force > b.force:
				return -1
			case a.force < b.force:
				return 1
			}
			return 0
		})
		ranks = ranks[:ship]
		slices.SortFunc(ranks, func(a, b rank) int { return a.id - b.id })
	}
	kept := &space{}
	m.weights = make([]int8, len(ranks)*h)
	m.scale = make([]float32, len(ranks))
	for to, r := range ranks {
		kept.keys = append(kept.keys, m.space.keys[r.id])
		kept.idf = append(kept.idf, m.space.idf[r.id])
		kept.chans = append(kept.chans, m.space.chans[r.id])
		row := l.w[r.id*h : r.id*h+h]
		top := float32(0)
		for _, w := range row {
			top = max(top, w, -w)
		}
		m.scale[to] = top / 127
		if top == 0 {
			continue
		}
		for j, w := range row {
			m.weights[to*h+j] = int8(math.Round(float64(w / top * 127)))
		}
	}
	kept.build()
	m.space = kept
	m.bias = l.bias
}

// scores adds up the outputs of a text.
func (m *Model) scores(z []float32, feats []feature) {
	copy(z, m.bias)
	h := len(z)
	for _, f := range feats {
		addSmall(z, m.weights[int(f.id)*h:][:h], f.val*m.scale[f.id])
	}
}

// addSmall adds v·w to z, both of the same length: a third of understanding a
// sentence.
func addSmall(z []float32, w []int8, v float32) {
	for len(z) >= 8 && len(w) >= 8 {
		a, b := z[:8:8], w[:8:8]
		a[0] += v * float32(b[0])
		a[1] += v * float32(b[1])
		a[2] += v * float32(b[2])
		a[3] += v * float32(b[3])
		a[4] += v * float32(b[4])
		a[5] += v * float32(b[5])
		a[6] += v * float32(b[6])
		a[7] += v * float32(b[7])
		z, w = z[8:], w[8:]
	}
	for j := range min(len(z), len(w)) {
		z[j] += v * float32(w[j])
	}
}
