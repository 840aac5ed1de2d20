package understand

import (
	"cmp"
	"math"
	"slices"
)

// The signals that tell texts of a set from texts outside. The nearest texts
// of the set (cosine, mean of five, of the label against others) were measured
// as well and added nothing to these.
const (
	signalTop     = iota // output of the likeliest label
	signalAhead          // how far it is ahead of the next
	signalEnergy         // all outputs together
	signalOutside        // how far it is ahead of the class of texts outside
	signalKnown          // share of the text's words the set has
	signalCovered        // share of them texts of the label have
	signalLength         // how many words
	signals
)

// signalSet is what the gate sees of one text.
type signalSet [signals]float64

// gate tells from signals whether a text is outside: a logistic model fitted
// on texts held out in training.
type gate struct {
	mean, scale signalSet // to bring signals to one size
	weight      signalSet
	bias        float64
	limit       float64 // probability of being outside above which a text is told so
}

// probability of being outside.
func (g *gate) probability(s *signalSet) float64 {
	x := g.bias
	for i, v := range s {
		x += g.weight[i] * (v - g.mean[i]) * g.scale[i]
	}
	return 1 / (1 + math.Exp(-x))
}

// heldOut is one text scored by a sorter that has not seen it.
type heldOut struct {
	signals signalSet
	origin  origin
	right   bool // its label was found
	weight  float64
}

// origin says where a text held out is from.
type origin int

const (
	originSet      origin = iota // a text of the set
	originLeft                   // its label was left out
	originOutside                // labelled Outside
	originBackdrop               // one of elsewhere.txt
)

// gatePrior is the ridge on the gate's weights: with few texts held out it
// keeps them near zero.
const gatePrior = 2

// neverOutside is a limit no probability reaches; lowestLimit keeps a gate
// that tells everything apart from refusing texts it finds likely.
const (
	neverOutside = 2
	lowestLimit  = 0.2
)

// fitGate learns from texts held out. Worth is that of telling texts outside.
func fitGate(held []heldOut, worth float64) gate {
	g := gate{limit: neverOutside}
	for i := range g.scale {
		g.scale[i] = 1
	}
	if len(held) == 0 {
		return g
	}
	balance(held)
	g.standardise(held)
	g.fit(held)
	g.limit = g.choose(held, worth)
	return g
}

// Bounds of the share of texts whose label is found that are told to be outside.
// A little is always risked: labels left out are harder to tell from those that
// stay than what strangers really say.
const (
	leastRefusals = 0.01
	mostRefusals  = 0.04
)

// recallWorth is what it is worth to tell texts outside: this share of the
// accuracy on a set of n texts may be lost for the whole of them. In small sets
// it is more, because sorters that have not seen a part of a small set know
// much less than the final one, and so lose more.
func recallWorth(n int) float64 {
	return 0.04 + 0.16*500/float64(500+n)
}

// choose returns the limit that is worth most on texts held out: the more
// often labels are confused anyway, the less a refusal costs.
func (g *gate) choose(held []heldOut, worth float64) float64 {
	type point struct {
		p    float64
		cost float64 // of refusing this text and all before it
		lost float64
	}
	points := make([]point, 0, len(held))
	var set, right, outside float64
	for i := range held {
		if h := &held[i]; h.origin == originSet {
			set++
			if h.right {
				right++
			}
		} else {
			outside += h.weight
		}
	}
	if right == 0 {
		return neverOutside
	}
	for i := range held {
		h := &held[i]
		pt := point{p: g.probability(&h.signals)}
		switch {
		case h.origin != originSet:
			pt.cost = -worth * h.weight / outside
		case h.right:
			pt.cost, pt.lost = 1/set, 1/right
		}
		points = append(points, pt)
	}
	slices.SortFunc(points, func(a, b point) int { return cmp.Compare(b.p, a.p) })
	limit, best := float64(neverOutside), 0.0
	cost, lost := 0.0, 0.0
	for i, pt := range points {
		cost += pt.cost
		lost += pt.lost
		if lost > mostRefusals || i+1 == len(points) {
			break
		}
		if lost <= leastRefusals {
			best = cost
		}
		if cost <= best {
			limit, best = (pt.p+points[i+1].p)/2, cost
		}
	}
	return max(limit, lowestLimit)
}

// balance weighs texts held out: those of the set as much as those outside.
// The more texts labelled Outside there are, the more they count of the
// latter; the rest is shared by labels left out and the backdrop. Texts
// whose label is not found count for nothing: to refuse them costs nothing.
func balance(held []heldOut) {
	var n [originBackdrop + 1]float64
	for i := range held {
		if h := &held[i]; h.origin != originSet || h.right {
			n[h.origin]++
		}
	}
	const half = 30 // texts labelled Outside that count as much as all others
	share := [...]float64{1, 0.5, n[originOutside] / (n[originOutside] + half), 0.5}
	rest := 1 - share[originOutside]
	switch {
	case n[originLeft] > 0 && n[originBackdrop] > 0:
		share[originLeft], share[originBackdrop] = rest/2, rest/2
	default:
		share[originLeft], share[originBackdrop] = rest, rest
	}
	for i := range held {
		h := &held[i]
		h.weight = 0
		if h.origin != originSet || h.right {
			h.weight = share[h.origin] * n[originSet] / n[h.origin]
		}
	}
}

// standardise measures mean and spread of each signal.
func (g *gate) standardise(held []heldOut) {
	var square signalSet
	n := float64(len(held))
	for i := range held {
		for k, v := range held[i].signals {
			g.mean[k] += v / n
			square[k] += v * v / n
		}
	}
	for k := range g.mean {
		if v := square[k] - g.mean[k]*g.mean[k]; v > 1e-9 {
			g.scale[k] = 1 / math.Sqrt(v)
		}
	}
}

// fit finds weights by Newton's method.
func (g *gate) fit(held []heldOut) {
	const d = signals + 1
	for range 30 {
		var slope [d]float64
		var curve [d][d]float64
		for i := range held {
			h := &held[i]
			x := [d]float64{signals: 1}
			for k, v := range h.signals {
				x[k] = (v - g.mean[k]) * g.scale[k]
			}
			p := g.probability(&h.signals)
			miss := p
			if h.origin != originSet {
				miss--
			}
			for a := range d {
				slope[a] += h.weight * miss * x[a]
				for b := 0; b <= a; b++ {
					curve[a][b] += h.weight * p * (1 - p) * x[a] * x[b]
				}
			}
		}
		for k, w := range g.weight {
			slope[k] += gatePrior * w
			curve[k][k] += gatePrior
		}
		step := descend(curve, slope)
		size := math.Abs(step[signals])
		for k := range g.weight {
			g.weight[k] -= step[k]
			size += math.Abs(step[k])
		}
		g.bias -= step[signals]
		if size < 1e-6 {
			return
		}
	}
}

// descend solves curve·x = slope by Cholesky's method. The curve is symmetric
// and positive; only its lower half is read.
func descend(curve [signals + 1][signals + 1]float64, slope [signals + 1]float64) [signals + 1]float64 {
	const d = signals + 1
	for i := range d {
		for j := 0; j <= i; j++ {
			s := curve[i][j]
			for k := range j {
				s -= curve[i][k] * curve[j][k]
			}
			if i == j {
				curve[i][i] = math.Sqrt(max(s, 1e-9))
			} else {
				curve[i][j] = s / curve[j][j]
			}
		}
	}
	for i := range d {
		for k := range i {
			slope[i] -= curve[i][k] * slope[k]
		}
		slope[i] /= curve[i][i]
	}
	for i := d - 1; i >= 0; i-- {
		for k := i + 1; k < d; k++ {
			slope[i] -= curve[k][i] * slope[k]
		}
		slope[i] /= curve[i][i]
	}
	return slope
}
