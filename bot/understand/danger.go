package understand

import (
	"fmt"
	"math"
	"strings"
)

// evidences is how many numbers danger is judged by.
const evidences = 14

// mostFeatures and mostParts bound the length that counts, in features and clauses:
// nearly no example is longer, so that nothing is known of what lies beyond.
const (
	mostFeatures = 300
	mostParts    = 6
)

// evidence gathers what tells danger: the learned outputs for danger of the
// whole and of the most dangerous clause, how much of the windows' scores goes
// to windows of danger, the cues, and how much was said: of a few words each
// weighs much, so that the learned outputs of 「もう夜です」 are worth less than
// the same of three sentences.
func (m *Model) evidence(o outputs, f cueFlags) [evidences]float64 {
	kinds := func(z []float32) float64 {
		k := z[m.kind():m.any()]
		return float64(k[argmax(k)])
	}
	any, length := float64(o.z[m.any()]), math.Log1p(float64(min(o.features, mostFeatures)))
	return [evidences]float64{
		any,
		float64(o.best[m.any()]),
		kinds(o.z),
		kinds(o.best),
		m.lean(o.z),
		m.lean(o.best),
		flag(f.sure),
		flag(f.hint),
		flag(f.proven),
		flag(f.guard || f.guarded),
		length,
		length * any,
		length * kinds(o.z),
		float64(min(o.clauses, mostParts)),
	}
}

// lean is how far the windows of danger are ahead of the others.
func (m *Model) lean(z []float32) float64 {
	in, out := math.Inf(-1), math.Inf(-1)
	for j := range m.windowInfo {
		if v := float64(z[j]); m.windowInfo[j].Kind == "emergency" {
			in = max(in, v)
		} else {
			out = max(out, v)
		}
	}
	if math.IsInf(in, 0) || math.IsInf(out, 0) {
		return 0
	}
	return max(-10, min(10, in-out))
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// danger is the probability that somebody is in danger.
func (m *Model) danger(o outputs, f cueFlags) float64 {
	w := m.calibration.Danger
	e := m.evidence(o, f)
	sum := w[evidences]
	for i, x := range e {
		sum += w[i] * x
	}
	return 1 / (1 + math.Exp(-sum))
}

// learnDanger fits the judgement on texts of voices held out.
func (t *trainer) learnDanger() {
	var xs [][evidences]float64
	var ys []bool
	var weights []float64
	for i := range t.samples {
		if t.held[i].z != nil {
			xs = append(xs, t.model.evidence(t.held[i], t.samples[i].cues))
			ys = append(ys, t.samples[i].kind >= 0)
			weights = append(weights, float64(t.samples[i].weight))
		}
	}
	if len(xs) > 0 {
		t.model.calibration.Danger = logistic(xs, ys, weights)
	}
}

// logistic fits weights and a constant by Newton's method with a small ridge.
func logistic(xs [][evidences]float64, ys []bool, weights []float64) []float64 {
	const n = evidences + 1
	w := make([]float64, n)
	for range 30 {
		var g [n]float64
		var h [n][n + 1]float64
		for i := range h {
			h[i][i] = 1 // ridge
			g[i] = w[i]
		}
		for k, x := range xs {
			var row [n]float64
			copy(row[:], x[:])
			row[n-1] = 1
			sum := 0.0
			for i := range row {
				sum += w[i] * row[i]
			}
			p := 1 / (1 + math.Exp(-sum))
			d := p
			if ys[k] {
				d--
			}
			d, slope := d*weights[k], p*(1-p)*weights[k]
			for i := range row {
				g[i] += d * row[i]
				for j := range row {
					h[i][j] += slope * row[i] * row[j]
				}
			}
		}
		for i := range h {
			h[i][n] = g[i]
		}
		step := solve(h)
		size := 0.0
		for i := range w {
			w[i] -= step[i]
			size += math.Abs(step[i])
		}
		if size < 1e-7 {
			break
		}
	}
	return w
}

// solve solves a linear system by elimination with pivoting; the last column
// is the right side.
func solve(h [evidences + 1][evidences + 2]float64) []float64 {
	n := len(h)
	for c := range n {
		top := c
		for r := c + 1; r < n; r++ {
			if math.Abs(h[r][c]) > math.Abs(h[top][c]) {
				top = r
			}
		}
		h[c], h[top] = h[top], h[c]
		for r := range n {
			if r == c || h[c][c] == 0 {
				continue
			}
			k := h[r][c] / h[c][c]
			for j := c; j <= n; j++ {
				h[r][j] -= k * h[c][j]
			}
		}
	}
	out := make([]float64, n)
	for i := range n {
		if h[i][i] != 0 {
			out[i] = h[i][n] / h[i][i]
		}
	}
	return out
}

// ParseCues reads rules about danger, one a line: the kind of danger ("*" for
// every kind), a mark, and the pattern. The marks: "!" danger in itself, "?"
// danger with evidence, "~" worth a question, "-" a guard that takes it back, "+"
// evidence.
//
//	suicide! 死にたい
//	suicide? 消えたい
//	suicide- 死にたい…アイス
//	*- ゲーム
func ParseCues(name string, data []byte) ([]Cue, []Problem) {
	var out []Cue
	var problems []Problem
	weights := map[byte]Weight{'!': CueSure, '?': CueHint, '~': CueAsk, '-': CueGuard, '+': CueEvidence}
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fail := func(format string, args ...any) {
			problems = append(problems, Problem{name, i + 1, fmt.Sprintf(format, args...)})
		}
		head, pattern, ok := strings.Cut(line, " ")
		if !ok || len(head) < 2 {
			fail("a kind with its mark, a blank and a pattern are needed")
			continue
		}
		kind, weight := head[:len(head)-1], weights[head[len(head)-1]]
		if kind == "*" {
			kind = ""
		}
		_, known := kindWindow[kind]
		switch {
		case weight == "":
			fail("unknown mark in %q", head)
		case kind == "" && (weight == CueSure || weight == CueHint || weight == CueAsk):
			fail("a danger needs its kind")
		case kind != "" && !known:
			fail("unknown danger %q", kind)
		case normalise(strings.Split(pattern, "…")[0]) == "":
			fail("the pattern begins with nothing")
		default:
			out = append(out, Cue{Kind: kind, Weight: weight, Pattern: strings.TrimSpace(pattern), At: fmt.Sprintf("%s:%d", name, i+1)})
		}
	}
	return out, problems
}
