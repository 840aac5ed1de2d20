package understand

import (
	_ "embed"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
)

// sorter sorts texts under labels; it refuses none.
type sorter struct {
	text    *labelText
	space   labelSpace
	model   *labelModel
	cover   *cover
	labels  []int     // of each output, ascending
	outside int       // the output of texts outside, the last; -1 if there is none
	pool    sync.Pool // of *labelScratch
}

// labelScratch is the memory one text needs.
type labelScratch struct {
	read  readText
	feats []feature
	z     []float32
	seen  stamps
}

// sorted is what a sorter says of a text.
type sorted struct {
	label   int
	signals signalSet
	known   bool // some feature of the text is known
}

func (s *sorter) borrow() *labelScratch {
	sc, ok := s.pool.Get().(*labelScratch)
	if !ok {
		sc = &labelScratch{z: make([]float32, s.model.labels)}
	}
	return sc
}

// sort finds the likeliest label of a text and the signals of its being
// outside.
func (s *sorter) sort(text readText, sc *labelScratch) sorted {
	var r sorted
	sc.feats = s.space.vector(sc.feats, text.keys, &sc.seen)
	r.known = len(sc.feats) > 0
	z := sc.z
	s.model.scores(z, sc.feats)
	if s.outside >= 0 {
		z = z[:s.outside]
	}
	best := argmax(z)
	r.label = s.labels[best]
	// The level of a softmax's outputs is nowhere fixed: only differences say
	// anything that holds from one model to the next.
	level := float32(0)
	for _, v := range z {
		level += v / float32(len(z))
	}
	top, next, energy, outside := z[best], float32(math.Inf(-1)), 0.0, level
	for j, v := range z {
		if j != best {
			next = max(next, v)
		}
		energy += math.Exp(float64(v - level))
	}
	if s.outside >= 0 {
		outside = sc.z[s.outside]
	}
	known, covered := s.cover.of(text.terms, r.label)
	r.signals = signalSet{
		signalTop:     float64(top - level),
		signalAhead:   float64(top - next),
		signalEnergy:  math.Log(energy / float64(len(z))),
		signalOutside: float64(top - outside),
		signalKnown:   known,
		signalCovered: covered,
		signalLength:  math.Log(float64(len(text.terms) + 1)),
	}
	return r
}

// labelFolds is how many parts a set is dealt into to be held out in turn. Of
// sets of more than manyTexts only the first two are, which is enough; those of
// up to fewTexts are dealt fewRounds times, because which labels are left out
// together decides too much there.
const (
	labelFolds = 4
	manyTexts  = 5000
	fewTexts   = 1000
	fewRounds  = 4
)

// holdOut scores texts by sorters that have not seen them, as many as it takes.
func (t *labelTrainer) holdOut() []heldOut {
	switch n := len(t.set); {
	case n > manyTexts:
		return t.crossFit(2, 0)
	case n > fewTexts:
		return t.crossFit(labelFolds, 0)
	}
	var held []heldOut
	for round := range uint64(fewRounds) {
		held = append(held, t.crossFit(labelFolds, round)...)
	}
	return held
}

// labelled is one text to learn from.
type labelled struct {
	readText
	label    int // labelTrainer.labels for texts outside
	backdrop bool
}

// labelTrainer holds the state of one training.
type labelTrainer struct {
	text   *labelText
	set    []labelled
	labels int // without the class of texts outside
	seed   uint64
}

// learn makes a sorter from texts. Only labels of which there are texts get an
// output.
func (t *labelTrainer) learn(set []labelled) *sorter {
	s := &sorter{text: t.text, outside: -1}
	output := make([]int, t.labels+1)
	for i := range set {
		output[set[i].label]++
	}
	for l, n := range output {
		if n > 0 {
			output[l] = len(s.labels)
			s.labels = append(s.labels, l)
		}
	}
	if s.labels[len(s.labels)-1] == t.labels {
		s.outside = len(s.labels) - 1
	}
	keys, terms, numbers := make([][]key, len(set)), make([][]uint64, len(set)), make([]int, len(set))
	for i := range set {
		keys[i], terms[i], numbers[i] = set[i].keys, set[i].terms, set[i].label
	}
	s.space, s.cover = learnLabelSpace(keys), learnCover(terms, numbers)
	var seen stamps
	samples := make([]labelSample, len(set))
	for i := range set {
		samples[i] = labelSample{s.space.vector(nil, keys[i], &seen), output[numbers[i]]}
	}
	s.model = fitLabels(samples, len(s.space.keys), len(s.labels), labelEpochs, t.seed+1)
	return s
}

// crossFit scores texts by sorters that have not seen them, one for each of
// the first folds parts. Each leaves out a part of the texts of every label,
// which stand for new texts of the set, and all texts of a part of the labels,
// which stand for texts outside.
func (t *labelTrainer) crossFit(folds int, round uint64) []heldOut {
	rng := rand.New(rand.NewPCG(t.seed, round)) //nolint:gosec // must be reproducible
	part := t.textParts(rng)
	left := labelParts(t.labels, rng)
	var held []heldOut
	for f := range folds {
		var learn, rest []labelled
		for i := range t.set {
			e := &t.set[i]
			if part[i] == f || e.label < t.labels && left[e.label] == f {
				rest = append(rest, *e)
			} else {
				learn = append(learn, *e)
			}
		}
		if len(learn) == 0 {
			continue
		}
		s := t.learn(learn)
		if s.outside == 0 || len(s.labels) < 2 {
			continue // nothing of the set is left
		}
		sc := s.borrow()
		for i := range rest {
			e := &rest[i]
			r := s.sort(e.readText, sc)
			if !r.known {
				continue // refused whatever the gate says
			}
			h := heldOut{signals: r.signals}
			switch {
			case e.backdrop:
				h.origin = originBackdrop
			case e.label == t.labels:
				h.origin = originOutside
			case left[e.label] == f:
				h.origin = originLeft
			default:
				h.right = r.label == e.label
			}
			held = append(held, h)
		}
	}
	return held
}

// textParts deals the texts of each label into parts.
func (t *labelTrainer) textParts(rng *rand.Rand) []int {
	count := make([]int, t.labels+1)
	part := make([]int, len(t.set))
	for _, i := range rng.Perm(len(t.set)) {
		n := t.set[i].label
		part[i] = (count[n] + n) % labelFolds
		count[n]++
	}
	return part
}

// labelParts deals labels into parts to be left out; of few labels none ever
// is (-1).
func labelParts(labels int, rng *rand.Rand) []int {
	part := make([]int, labels)
	for i, l := range rng.Perm(labels) {
		part[l] = i % labelFolds
		if labels < 2*labelFolds {
			part[l] = -1
		}
	}
	return part
}

// elsewhere are things people say to any bot that have nothing to do with what
// it is for, a line each; "#" begins a comment.
//
//go:embed elsewhere.txt
var elsewhere string

// backdropTexts is how many texts a label are enough to tell which lines of
// the backdrop look like texts of the set.
const backdropTexts = 40

// addBackdrop adds those of the lines of elsewhere.txt to the texts outside
// that a gate fitted without them takes for outside: to some set or other each
// of them belongs.
func (t *labelTrainer) addBackdrop() {
	few := *t
	few.set = nil
	count := make([]int, t.labels+1)
	for i := range t.set {
		if n := t.set[i].label; count[n] < backdropTexts {
			count[n]++
			few.set = append(few.set, t.set[i])
		}
	}
	g := fitGate(few.crossFit(1, 0), recallWorth(len(few.set)))
	s := few.learn(few.set)
	sc := s.borrow()
	for line := range strings.Lines(elsewhere) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || t.text.japanese == nil && strings.ContainsFunc(line, isKana) {
			continue
		}
		e := labelled{readText: t.text.read(readText{}, line), label: t.labels, backdrop: true}
		if r := s.sort(e.readText, sc); !r.known || g.probability(&r.signals) > 0.5 {
			t.set = append(t.set, e)
		}
	}
}
