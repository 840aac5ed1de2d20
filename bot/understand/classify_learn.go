package understand

import (
	"math"
	"math/rand/v2"
)

// labelSample is one text of a labelled set in numbers.
type labelSample struct {
	feats []feature
	label int
}

// labelModel is a linear model with one row of outputs a feature.
type labelModel struct {
	labels int
	w      []float32
	bias   []float32
}

func (m *labelModel) scores(z []float32, feats []feature) {
	copy(z, m.bias)
	for ; len(feats) >= 4; feats = feats[4:] {
		addFour(z, m.row(feats[0]), m.row(feats[1]), m.row(feats[2]), m.row(feats[3]),
			feats[0].val, feats[1].val, feats[2].val, feats[3].val)
	}
	for _, f := range feats {
		addScaled(z, m.row(f), f.val)
	}
}

func (m *labelModel) row(f feature) []float32 {
	return m.w[int(f.id)*m.labels:][:m.labels]
}

// addFour adds four scaled rows to z, all of the same length. Nearly all of
// training is spent here; going once over z for four rows saves a third.
func addFour(z, a, b, c, d []float32, va, vb, vc, vd float32) {
	for len(z) >= 4 && len(a) >= 4 && len(b) >= 4 && len(c) >= 4 && len(d) >= 4 {
		z[0] += va*a[0] + vb*b[0] + vc*c[0] + vd*d[0]
		z[1] += va*a[1] + vb*b[1] + vc*c[1] + vd*d[1]
		z[2] += va*a[2] + vb*b[2] + vc*c[2] + vd*d[2]
		z[3] += va*a[3] + vb*b[3] + vc*c[3] + vd*d[3]
		z, a, b, c, d = z[4:], a[4:], b[4:], c[4:], d[4:]
	}
	for j := range z {
		z[j] += va*a[j] + vb*b[j] + vc*c[j] + vd*d[j]
	}
}

// How a classifier learns. Smoothed targets keep outputs from growing without
// bound on sets a linear model can learn by heart, which nearly all are: they
// make the highest output tell more of texts outside.
const (
	labelEpochs = 10
	labelRate   = 8
	labelSmooth = 0.15 // of a target's weight goes to the other labels
	labelBias   = 0.1  // of the rate, for the constants
)

// fitLabels learns multinomial logistic regression by stochastic gradient
// descent with a falling rate; the seed decides the order of texts.
func fitLabels(samples []labelSample, features, labels, epochs int, seedBy uint64) *labelModel {
	h := labels
	m := &labelModel{labels: h, w: make([]float32, features*h), bias: make([]float32, h)}
	rng := rand.New(rand.NewPCG(seedBy, 0x6c6162656c73)) //nolint:gosec // must be reproducible
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	z := make([]float32, h)
	active := make([]grad, 0, h)
	total := float64(epochs * len(samples))
	step := 0
	for range epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, n := range order {
			s := &samples[n]
			rate := float32(labelRate * (1 - float64(step)/total))
			step++
			m.scores(z, s.feats)
			active = labelGradients(active[:0], z, s.label)
			for _, g := range active {
				m.bias[g.out] -= labelBias * rate * g.g
			}
			for _, f := range s.feats {
				row := m.row(f)
				v := rate * f.val
				for _, g := range active {
					row[g.out] -= v * g.g
				}
			}
		}
	}
	return m
}

// labelGradients are those of the cross entropy with the smoothed target. z is
// overwritten.
func labelGradients(dst []grad, z []float32, label int) []grad {
	top := z[argmax(z)]
	sum := 0.0
	for j, x := range z {
		e := math.Exp(float64(x - top))
		z[j] = float32(e)
		sum += e
	}
	others := float32(labelSmooth) / float32(len(z)-1)
	for j, x := range z {
		g := x/float32(sum) - others
		if j == label {
			g = x/float32(sum) - (1 - labelSmooth)
		}
		if g > tiny || g < -tiny {
			dst = append(dst, grad{j, g})
		}
	}
	return dst
}
