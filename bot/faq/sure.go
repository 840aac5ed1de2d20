package faq

import "math"

// What a first hit must have to be shown as the answer. Sureness alone does
// not keep wrong answers below one in twenty: the words added by the lexicon
// fit neighbours of the right entry as well. So the resident's own words must
// carry it too.
const (
	enoughSure    = 0.6
	enoughLiteral = 0.72
	enoughOwn     = 0.4
	enoughWords   = 2
	plainLiteral  = 0.8
	plainOwn      = 0.7
)

// signs are what tells whether the first hit is the right one.
type signs struct {
	cover   float64 // share of the entry's question the expanded query covers
	literal float64 // the same by the query's own words
	own     float64 // share of the query's own words in the entry's question
	alike   float64 // share of reading pairs query and question have in common (Dice)
	lead    float64 // over the second, in scores
	spread  float64 // entropy of the first ten, 0..1
	latent  float64 // cosine of query and entry
	words   int     // of the query's own in the entry's question
	meaning bool    // both ask after the meaning of something
}

const signCount = 8

func (g signs) list() [signCount]float64 {
	return [signCount]float64{1, g.cover, g.literal, g.own, g.alike, g.lead, g.spread, g.latent}
}

// weights of a logistic regression over the signs, fitted on the half of the
// test questions used for tuning, each asked once with and once without its
// answers among the entries.
func sureWeights() [signCount]float64 {
	return [signCount]float64{-8.2, 9.3, -8.3, 0.6, 2.2, 1.1, 1.1, 7.3}
}

// sureness is the chance that the first hit is right.
func (g signs) sureness() float64 {
	z := 0.0
	w := sureWeights()
	for i, v := range g.list() {
		z += w[i] * v
	}
	return 1 / (1 + math.Exp(-z))
}

// answers reports whether the first hit may be shown as the answer.
func (g signs) answers() bool {
	if g.sureness() < enoughSure || g.literal < enoughLiteral || g.own < enoughOwn {
		return false
	}
	return g.words >= enoughWords || g.meaning && g.literal > 0.99 && g.own > 0.99
}

// plain reports whether the query says nearly the same as the entry's question.
func (g signs) plain() bool {
	return g.literal >= plainLiteral && g.own >= plainOwn || g.meaning && g.literal > 0.99 && g.own > 0.99
}

func (x *Index) signs(s *scratch, q *query) signs {
	first := s.order[0]
	g := signs{cover: float64(s.cover[first])}
	if g.cover > 0 {
		asked := int(s.way[first])
		g.meaning = x.ways[asked].means && asksMeaning(q.norm)
		for _, a := range s.said.list {
			if w := x.covers.weightIn(a.id, asked); w > 0 {
				g.own += float64(x.reads.idf[a.id])
				g.literal += float64(w)
				g.words++
			}
		}
		g.alike = dice(pairsOf(q.words), x.ways[asked].pairs)
	}
	if q.known > 0 {
		g.own /= float64(q.known)
	}
	if len(s.bags[4].list) > 0 {
		for k, v := range x.latent.docs[int(first)*x.latent.rank:][:x.latent.rank] {
			g.latent += float64(v) * float64(s.at[k])
		}
	}
	top := float64(s.total[first])
	g.lead = top
	if len(s.order) > 1 {
		g.lead = top - float64(s.total[s.order[1]])
	}
	ten := s.order[:min(10, len(s.order))]
	sum, heat := 0.0, 0.0
	for _, d := range ten {
		e := math.Exp((float64(s.total[d]) - top) * 8)
		sum += e
		heat += e * (float64(s.total[d]) - top) * 8
	}
	if len(ten) > 1 {
		g.spread = (math.Log(sum) - heat/sum) / math.Log(10)
	}
	return g
}

// pairsOf are the pairs of kana in the readings of the words that say what a
// text is about.
func pairsOf(words []word) map[string]bool {
	set := make(map[string]bool)
	for _, w := range words {
		if !w.content {
			continue
		}
		last := -1
		for i, r := range w.read {
			if last >= 0 {
				set[w.read[last:i+len(string(r))]] = true
			}
			last = i
		}
		if last == 0 {
			set[w.read] = true
		}
	}
	return set
}

func dice(a, b map[string]bool) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	both := 0
	for k := range a {
		if b[k] {
			both++
		}
	}
	return 2 * float64(both) / float64(len(a)+len(b))
}
