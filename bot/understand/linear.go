package understand

import (
	"math"
	"math/rand/v2"
)

// layout says which output of the linear model means what: one output a
// window as the first answer and, unless only windows are learned, one a
// window as needed at all, one a kind of danger, danger of any kind, somebody
// else's trouble, easy Japanese. First answers and needed windows pull apart
// where a message has several troubles, so each is learned for itself.
type layout struct {
	windows int
	kinds   int // 0: only windows
}

func (l layout) also() int  { return l.windows }
func (l layout) kind() int  { return 2 * l.windows }
func (l layout) any() int   { return l.kind() + l.kinds }
func (l layout) other() int { return l.any() + 1 }
func (l layout) easy() int  { return l.any() + 2 }

func (l layout) size() int {
	if l.kinds == 0 {
		return l.windows
	}
	return l.any() + 3
}

// sample is one training text in numbers.
type sample struct {
	feats  []feature
	parts  [][]feature // the clauses alone, when there are several
	cues   cueFlags
	window int // -1 unknown
	also   []int
	kind   int // -1 no danger
	other  int // -1 unknown, 0, 1
	easy   int // -1 unknown, 0, 1
	voice  int
	source int // number of the example it was made from
	weight float32
}

// linear is the model while it is learned: one row of outputs a feature.
type linear struct {
	layout
	w    []float32
	bias []float32
}

// outputs scores a sample.
func (m *linear) outputs(s *sample) outputs {
	z := make([]float32, m.size())
	m.scores(z, s.feats)
	if len(s.parts) == 0 {
		return outputs{z, z, len(s.feats), 1}
	}
	best := make([]float32, len(z))
	part := make([]float32, len(z))
	for i, feats := range s.parts {
		m.scores(part, feats)
		for j, v := range part {
			if i == 0 || v > best[j] {
				best[j] = v
			}
		}
	}
	return outputs{z, best, len(s.feats), len(s.parts)}
}

// scores adds up the outputs for a text into z.
func (m *linear) scores(z []float32, feats []feature) {
	copy(z, m.bias)
	h := len(z)
	for _, f := range feats {
		addScaled(z, m.w[int(f.id)*h:int(f.id)*h+h], f.val)
	}
}

// addScaled adds v·w to z, both of the same length. Nearly all of training is
// spent here.
func addScaled(z, w []float32, v float32) {
	for len(z) >= 8 && len(w) >= 8 {
		a, b := z[:8:8], w[:8:8]
		a[0] += v * b[0]
		a[1] += v * b[1]
		a[2] += v * b[2]
		a[3] += v * b[3]
		a[4] += v * b[4]
		a[5] += v * b[5]
		a[6] += v * b[6]
		a[7] += v * b[7]
		z, w = z[8:], w[8:]
	}
	for j := range min(len(z), len(w)) {
		z[j] += v * w[j]
	}
}

// settings of the stochastic gradient descent.
type settings struct {
	epochs  int
	rate    float64
	l2      float64
	urgentW float32 // weight of a danger against one message without
	alsoW   float32 // target, as first answers, of windows that are needed as well
	dropout float32 // share of features left out at each visit
	seed    uint64

	conceptDrop float32 // share of concept features left out at each visit
	space       *space
}

// means is how many models, each learned in an order of its own, are averaged
// into the one that ships: a few examples more or less then move less else.
const means = 3

// fitMean learns the mean of several models.
func fitMean(samples []sample, features int, l layout, o settings) *linear {
	sum := fit(samples, features, l, o)
	for i := 1; i < means; i++ {
		o.seed++
		m := fit(samples, features, l, o)
		for j, w := range m.w {
			sum.w[j] += w
		}
		for j, b := range m.bias {
			sum.bias[j] += b
		}
	}
	for j := range sum.w {
		sum.w[j] /= means
	}
	for j := range sum.bias {
		sum.bias[j] /= means
	}
	return sum
}

// fit learns a linear model; visits samples in an order the seed decides.
func fit(samples []sample, features int, l layout, o settings) *linear {
	h := l.size()
	m := &linear{layout: l, w: make([]float32, features*h), bias: make([]float32, h)}
	rng := rand.New(rand.NewPCG(o.seed, 0x7473756e616775)) //nolint:gosec // must be reproducible
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	z := make([]float32, h)
	active := make([]grad, 0, h)
	feats := make([]feature, 0, 4096)
	total := float64(o.epochs * len(samples))
	step := 0
	for range o.epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, n := range order {
			s := &samples[n]
			feats = dropFeatures(feats[:0], s, o, rng)
			rate := float32(o.rate * (1 - float64(step)/total))
			step++
			m.scores(z, feats)
			active = gradients(active[:0], z, s, l, o)
			decay := 1 - rate*float32(o.l2)
			for _, g := range active {
				m.bias[g.out] -= 0.1 * rate * g.g
			}
			for _, f := range feats {
				row := m.w[int(f.id)*h : int(f.id)*h+h]
				v := rate * f.val
				for _, g := range active {
					row[g.out] = row[g.out]*decay - v*g.g
				}
			}
		}
	}
	return m
}

// dropFeatures leaves out some features of a sample at random: any, and
// concepts more often, so that no concept is leant upon alone.
func dropFeatures(dst []feature, s *sample, o settings, rng *rand.Rand) []feature {
	keep := 1 / (1 - o.dropout)
	limit, concepts := uint32(float64(o.dropout)*math.MaxUint32), uint32(float64(o.conceptDrop)*math.MaxUint32)
	for _, f := range s.feats {
		if limit > 0 && rng.Uint32() < limit {
			continue
		}
		if concepts > 0 && o.space.chans[f.id] == chConcept && rng.Uint32() < concepts {
			continue
		}
		dst = append(dst, feature{f.id, f.val * keep})
	}
	return dst
}

type grad struct {
	out int
	g   float32
}

// small gradients are not worth the memory traffic.
const tiny = 0.002

// gradients of the losses of all heads. z is overwritten.
func gradients(dst []grad, z []float32, s *sample, l layout, o settings) []grad {
	add := func(out int, g float32) {
		if g > tiny || g < -tiny {
			dst = append(dst, grad{out, g})
		}
	}
	if s.window >= 0 {
		windowGradients(z, s, l, o, add)
	}
	if l.kinds == 0 {
		return dst
	}
	for j := range l.kinds {
		g := sigmoid(z[l.kind()+j])
		if j == s.kind {
			g = (g - 1) * o.urgentW
		}
		add(l.kind()+j, g*s.weight)
	}
	g := sigmoid(z[l.any()])
	if s.kind >= 0 {
		g = (g - 1) * o.urgentW
	}
	add(l.any(), g*s.weight)
	if s.other >= 0 {
		add(l.other(), (sigmoid(z[l.other()])-float32(s.other))*s.weight)
	}
	if s.easy >= 0 {
		add(l.easy(), (sigmoid(z[l.easy()])-float32(s.easy))*s.weight)
	}
	return dst
}

// windowGradients are those of one logistic loss a window: several windows
// may be right at once.
func windowGradients(z []float32, s *sample, l layout, o settings, add func(int, float32)) {
	for j, x := range z[:l.windows] {
		g := sigmoid(x)
		if j == s.window {
			g--
		} else if len(s.also) > 0 && has(s.also, j) {
			g -= o.alsoW
		}
		add(j, g*s.weight)
	}
	if l.kinds == 0 {
		return
	}
	for j, x := range z[l.also():l.kind()] {
		g := sigmoid(x)
		if j == s.window || has(s.also, j) {
			g--
		}
		add(l.also()+j, g*s.weight)
	}
}

func has(list []int, n int) bool {
	for _, v := range list {
		if v == n {
			return true
		}
	}
	return false
}

func sigmoid(x float32) float32 { return 1 / (1 + exp32(-x)) }

func exp32(x float32) float32 { return float32(math.Exp(float64(x))) }
