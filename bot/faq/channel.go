package faq

import (
	"cmp"
	"math"
	"slices"
)

// Fields of an entry, with how much a word in each counts.
const (
	inTag = iota
	inQuestion
	inFirst // sentence of the answer
	inRest  // of the answer
	fields
)

// shape is how a channel weighs what it counts.
type shape struct {
	k1      float64
	idfPow  float64 // inverse document frequency to this power
	weights [fields]float64
	b       [fields]float64 // how much the length of the field counts
}

// words and characters are the two shapes. Characters repeat without saying
// more, so they saturate late and rare ones count far more.
func wordShape() shape {
	return shape{k1: 1.2, idfPow: 1, weights: [fields]float64{3, 3, 1, 1}, b: [fields]float64{.5, .5, .75, .75}}
}

func charShape() shape {
	s := wordShape()
	s.k1, s.idfPow = 8, 2
	return s
}

// posting is one entry that has a term.
type posting struct {
	doc    int32
	weight float32
}

// channel is an inverted index whose postings hold the finished BM25F weight:
// a search only adds.
type channel struct {
	ids   map[string]int32
	terms []string
	posts [][]posting
	idf   []float32
	docs  int
}

// gathering counts terms before they are weighed.
type gathering struct {
	ids    map[string]int32
	terms  []string
	counts [][]counted // by term
	length [][fields]float64
}

type counted struct {
	doc int32
	tf  [fields]float32
}

func newGathering(docs int) *gathering {
	return &gathering{ids: make(map[string]int32), length: make([][fields]float64, docs)}
}

// add counts one term in a field; documents must come in order.
func (g *gathering) add(doc, field int, term string) {
	id, ok := g.ids[term]
	if !ok {
		id = int32(len(g.terms))
		g.ids[term] = id
		g.terms = append(g.terms, term)
		g.counts = append(g.counts, nil)
	}
	list := g.counts[id]
	if n := len(list); n == 0 || list[n-1].doc != int32(doc) {
		list = append(list, counted{doc: int32(doc)})
	}
	list[len(list)-1].tf[field]++
	g.counts[id] = list
	g.length[doc][field]++
}

// weigh finishes a channel (BM25F: Robertson, Zaragoza, Taylor, "Simple BM25
// extension to multiple weighted fields", CIKM 2004).
func (g *gathering) weigh(s shape) *channel {
	n := float64(len(g.length))
	var mean [fields]float64
	for _, l := range g.length {
		for f := range l {
			mean[f] += l[f] / n
		}
	}
	c := &channel{ids: g.ids, terms: g.terms, posts: make([][]posting, len(g.terms)), idf: make([]float32, len(g.terms)), docs: len(g.length)}
	for id, list := range g.counts {
		df := float64(len(list))
		idf := math.Pow(math.Log(1+(n-df+.5)/(df+.5)), s.idfPow)
		c.idf[id] = float32(idf)
		posts := make([]posting, len(list))
		for i, x := range list {
			tf := 0.0
			for f, count := range x.tf {
				if count > 0 {
					tf += s.weights[f] * float64(count) / (1 - s.b[f] + s.b[f]*g.length[x.doc][f]/mean[f])
				}
			}
			posts[i] = posting{x.doc, float32(idf * tf / (s.k1 + tf))}
		}
		c.posts[id] = posts
	}
	return c
}

// asked is one term of a query with its weight.
type asked struct {
	id     int32
	weight float32
}

// score adds a query's terms up over all entries.
func (c *channel) score(into []float32, query []asked) {
	clear(into)
	for _, q := range query {
		for _, p := range c.posts[q.id] {
			into[p.doc] += q.weight * p.weight
		}
	}
}

// weightIn is the weight of a term in one entry, 0 when it is not there.
func (c *channel) weightIn(id int32, doc int) float32 {
	i, ok := slices.BinarySearchFunc(c.posts[id], int32(doc), func(p posting, d int32) int { return cmp.Compare(p.doc, d) })
	if !ok {
		return 0
	}
	return c.posts[id][i].weight
}

// bag collects the terms of a query; a term asked for twice counts with the
// greater weight.
type bag struct {
	at   map[int32]int
	list []asked
}

func newBag() *bag { return &bag{at: make(map[int32]int)} }

func (b *bag) reset() { clear(b.at); b.list = b.list[:0] }

func (b *bag) add(c *channel, term string, weight float32) {
	id, ok := c.ids[term]
	if !ok {
		return
	}
	if i, ok := b.at[id]; ok {
		b.list[i].weight = max(b.list[i].weight, weight)
		return
	}
	b.at[id] = len(b.list)
	b.list = append(b.list, asked{id, weight})
}
