package faq

import "math"

// Sure is the sureness from which on a first hit may be shown as the answer.
const Sure = 0.9

// signs are what tells whether the first hit is the right one.
type signs struct {
	cover  float64 // share of the entry's question the query covers
	own    float64 // share of the query's own words the entry has
	lead   float64 // over the second, in scores
	spread float64 // entropy of the first ten, 0..1
}

// sureness is the chance that the first hit is right: a logistic regression
// over the signs, fitted on the half of the test questions used for tuning.
func (x *Index) sureness(s *scratch, q *query) float64 {
	g := x.signs(s, q)
	z := -4.0 + 3*g.cover + 2*g.own + 6*g.lead - 1*g.spread
	return 1 / (1 + math.Exp(-z))
}

func (x *Index) signs(s *scratch, q *query) signs {
	first := s.order[0]
	g := signs{cover: float64(s.cover[first])}
	for _, a := range s.said.list {
		if x.reads.weightIn(a.id, int(first)) > 0 {
			g.own += float64(x.reads.idf[a.id])
		}
	}
	if q.known > 0 {
		g.own /= float64(q.known)
	}
	top := float64(s.total[first])
	if len(s.order) > 1 {
		g.lead = top - float64(s.total[s.order[1]])
	} else {
		g.lead = top
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
