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
	h := m.labels
	for _, f := range feats {
		addScaled(z, m.w[int(f.id)*h:int(f.id)*h+h], f.val)
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
func fitLabels(samples []labelSample, features, labels int, seedBy uint64) *labelModel {
	h := labels
	m := &labelModel{labels: h, w: make([]float32, features*h), bias: make([]float32, h)}
	rng := rand.New(rand.NewPCG(seedBy, 0x6c6162656c73)) //nolint:gosec // must be reproducible
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	z := make([]float32, h)
	active := make([]grad, 0, h)
	total := float64(labelEpochs * len(samples))
	step := 0
	for range labelEpochs {
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
				row := m.w[int(f.id)*h : int(f.id)*h+h]
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
