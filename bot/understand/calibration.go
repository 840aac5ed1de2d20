package understand

import "math"

// outputs of one text: the whole's and the highest of its clauses', and how
// much of it there is.
type outputs struct {
	z, best  []float32
	features int // known ones of the whole
	clauses  int
}

// calibration turns raw outputs into probabilities that mean what they say.
type calibration struct {
	Temperature float64     // window scores are divided by it
	Danger      []float64   // weights of evidence, then a constant
	Together    [][]float32 // what a first window adds to each other one being needed
	Other       line
	Easy        line
}

// togetherWeight and togetherPrior shape what is learned of windows that are
// needed together. More weight finds more second troubles and pushes more
// alternatives of messages with one trouble out of the first three.
const (
	togetherWeight = 0.15
	togetherPrior  = 5
)

// learnTogether counts which windows go with which.
func (c *calibration) learnTogether(samples []sample, l layout) {
	pairs := make([][]float64, l.windows)
	for i := range pairs {
		pairs[i] = make([]float64, l.windows)
	}
	ever := make([]float64, l.windows)
	total := 0.0
	for _, s := range samples {
		if s.source < 0 || s.window < 0 {
			continue
		}
		for _, a := range s.also {
			pairs[s.window][a]++
			ever[a]++
			total++
		}
	}
	c.Together = make([][]float32, l.windows)
	if total == 0 {
		return
	}
	for i, row := range pairs {
		sum := 0.0
		for _, n := range row {
			sum += n
		}
		c.Together[i] = make([]float32, l.windows)
		for j, n := range row {
			share := (n + togetherPrior*(ever[j]+0.5)/total) / (sum + togetherPrior)
			c.Together[i][j] = float32(togetherWeight * math.Log(share))
		}
	}
}

// line is Platt scaling: sigmoid(a·x+b).
type line struct{ A, B float64 }

func (l line) of(x float32) float64 { return 1 / (1 + math.Exp(-(l.A*float64(x) + l.B))) }

func newCalibration() calibration {
	one := line{A: 1}
	return calibration{Temperature: 1, Danger: append([]float64{1}, make([]float64, evidences)...), Other: one, Easy: one}
}

func (c *calibration) learn(samples []sample, held []outputs, l layout) {
	best, bestLoss := 1.0, math.Inf(1)
	for temp := 0.3; temp < 3; temp *= 1.05 {
		loss, n := 0.0, 0
		for i := range samples {
			if held[i].z == nil || samples[i].window < 0 {
				continue
			}
			loss += crossEntropy(held[i].z[:l.windows], samples[i].window, temp)
			n++
		}
		if n > 0 && loss < bestLoss {
			best, bestLoss = temp, loss
		}
	}
	c.Temperature = best * heldOutShare
	if l.kinds == 0 {
		return
	}
	var other, easy []point
	for i := range samples {
		z := held[i].z
		if z == nil {
			continue
		}
		s := &samples[i]
		if s.other >= 0 {
			other = append(other, point{float64(z[l.other()]), s.other == 1})
		}
		if s.easy >= 0 {
			easy = append(easy, point{float64(z[l.easy()]), s.easy == 1})
		}
	}
	c.Other, c.Easy = platt(other), platt(easy)
}

// heldOutShare makes up for the models of cross-fitting knowing fewer voices
// than the one that ships, and so being right less often: measured on
// messages of other hands, scores were three points too low without it.
const heldOutShare = 0.85

func crossEntropy(z []float32, right int, temp float64) float64 {
	top := z[0]
	for _, v := range z {
		top = max(top, v)
	}
	sum := 0.0
	for _, v := range z {
		sum += math.Exp(float64(v-top) / temp)
	}
	return math.Log(sum) - float64(z[right]-top)/temp
}

type point struct {
	x   float64
	yes bool
}

// platt fits a line by gradient descent on the mean log loss.
func platt(points []point) line {
	l := line{A: 1}
	if len(points) == 0 {
		return l
	}
	for range 500 {
		var ga, gb, haa, hab, hbb float64
		for _, p := range points {
			q := 1 / (1 + math.Exp(-(l.A*p.x + l.B)))
			d := q
			if p.yes {
				d--
			}
			ga += d * p.x
			gb += d
			h := q*(1-q) + 1e-9
			haa += h * p.x * p.x
			hab += h * p.x
			hbb += h
		}
		// A Newton step with a little damping.
		haa += 1
		hbb += 1
		det := haa*hbb - hab*hab
		da, db := (hbb*ga-hab*gb)/det, (haa*gb-hab*ga)/det
		l.A -= da
		l.B -= db
		if math.Abs(da)+math.Abs(db) < 1e-6 {
			break
		}
	}
	if l.A <= 0 || math.IsNaN(l.A) || math.IsNaN(l.B) {
		return line{A: 1}
	}
	return l
}
