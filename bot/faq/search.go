package faq

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// How much each channel counts. Round numbers: finer ones did not carry over
// from one set of questions to another.
const (
	weightWords  = 0.30
	weightReads  = 0.20
	weightChars  = 0.25
	weightLatent = 0.25
	weightThrees = 0.20 // questions in kana only
	weightCover  = 0.45
)

// longestQuery bounds what is read of a question, in runes; of a longer one
// the beginning and the end count.
const longestQuery = 240

// query is a question ready to be looked for.
type query struct {
	norm  string // as normalised
	words []word // those that count, stop words too
	added []added
	kana  bool
	known float32 // sum of the idf of what it asks for, unknown words included
}

// scratch is the memory one search needs.
type scratch struct {
	channel, total []float32 // by entry
	cover, ways    []float32 // by entry, by way to ask
	way            []int32   // by entry, the way covered best
	bags           [5]*bag
	said           *bag
	at             []float32
	order          []int32
}

func newScratch(docs, ways int) *scratch {
	s := &scratch{
		channel: make([]float32, docs), total: make([]float32, docs), cover: make([]float32, docs),
		ways: make([]float32, ways), way: make([]int32, docs),
		at: make([]float32, rank), said: newBag(),
	}
	for i := range s.bags {
		s.bags[i] = newBag()
	}
	return s
}

// ask reads a question.
func (x *Index) ask(text string) query {
	t := understand.ReadText(text)
	t.Kana = bound(t.Kana)
	q := query{norm: t.Kana}
	han := strings.ContainsFunc(t.Kana, isHan)
	kana := strings.ContainsFunc(t.Kana, isHiragana) || strings.ContainsFunc(t.Kana, func(r rune) bool { return r >= 0x30a1 && r <= 0x30fa })
	if kana && !han {
		q.kana = true
		q.words = counting(x.lattice.read(t.Kana))
	} else {
		q.words = counting(x.reader.read(t.Kana))
	}
	q.added = x.lexicon.expand(q.words)
	return q
}

func bound(text string) string {
	if utf8.RuneCountInString(text) <= longestQuery {
		return text
	}
	runes := []rune(text)
	return string(runes[:longestQuery/2]) + "\n" + string(runes[len(runes)-longestQuery/2:])
}

// Search returns the n entries that fit a question best, best first; fewer
// when nothing else has anything to do with it, none for a question without a
// word the entries know.
func (x *Index) Search(text string, n int) []Hit {
	if len(x.entries) == 0 || n <= 0 {
		return nil
	}
	q := x.ask(text)
	s, _ := x.pool.Get().(*scratch)
	defer x.pool.Put(s)
	return x.searchWith(s, &q, n)
}

// searchWith scores every entry and returns the best; s keeps the scores.
func (x *Index) searchWith(s *scratch, q *query, n int) []Hit {
	x.fill(s, q)
	clear(s.total)
	x.mix(s, 'B', weightWords, func() { x.words.score(s.channel, s.bags[0].list) })
	x.mix(s, 'R', weightReads, func() { x.reads.score(s.channel, s.bags[1].list) })
	x.mix(s, 'C', weightChars, func() { x.chars.score(s.channel, s.bags[2].list) })
	if len(s.bags[4].list) > 0 {
		x.mix(s, 'L', weightLatent, func() { x.latent.score(s.channel, x.mixed, s.bags[4].list, s.at[:x.latent.rank]) })
	}
	if q.kana {
		x.mix(s, 'K', weightThrees, func() { x.threes.score(s.channel, s.bags[3].list) })
	}
	x.cover(s)
	if !strings.ContainsRune(x.without, 'Q') {
		for d, v := range s.cover {
			s.total[d] += weightCover * v
		}
	}
	return x.best(s, q, n)
}

// cover finds, for each entry, the way to ask it that the question covers best.
func (x *Index) cover(s *scratch) {
	x.covers.score(s.ways, s.bags[1].list)
	clear(s.cover)
	for n, v := range s.ways {
		if d := x.ways[n].doc; v > s.cover[d] {
			s.cover[d], s.way[d] = v, int32(n)
		}
	}
}

// mix adds one channel, its best entry counting 1.
func (x *Index) mix(s *scratch, name rune, weight float32, score func()) {
	if strings.ContainsRune(x.without, name) {
		return
	}
	score()
	top := float32(0)
	for _, v := range s.channel {
		top = max(top, v)
	}
	if top <= 0 {
		return
	}
	for d, v := range s.channel {
		s.total[d] += weight * v / top
	}
}

// fill turns a question into the terms of each channel.
func (x *Index) fill(s *scratch, q *query) {
	for _, b := range s.bags {
		b.reset()
	}
	s.said.reset()
	for _, w := range q.words {
		if !w.content {
			continue
		}
		s.bags[0].add(x.words, w.base, 1)
		s.bags[1].add(x.reads, w.read, 1)
		s.said.add(x.reads, w.read, 1)
		if _, ok := x.reads.ids[w.read]; !ok {
			q.known += float32(math.Log(1 + float64(x.reads.docs)))
		}
	}
	for _, a := range s.said.list {
		q.known += x.reads.idf[a.id]
	}
	eachGram(marked(q.words), func(g string) { s.bags[2].add(x.chars, g, 1); s.bags[4].add(x.mixed, g, 1) })
	if q.kana {
		eachThree(q.words, func(g string) { s.bags[3].add(x.threes, g, 1) })
	}
	for _, a := range q.added {
		for _, w := range a.words {
			if w.content {
				s.bags[0].add(x.words, w.base, a.weight)
				s.bags[1].add(x.reads, w.read, a.weight)
			}
		}
		eachGram(a.text, func(g string) { s.bags[2].add(x.chars, g, a.weight); s.bags[4].add(x.mixed, g, a.weight) })
	}
}

// best sorts out the n best entries.
func (x *Index) best(s *scratch, q *query, n int) []Hit {
	better := func(a, b int32) int {
		if c := cmp.Compare(s.total[b], s.total[a]); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	}
	// The best few are kept sorted: most entries are turned away by one look.
	keep := max(n, 10)
	s.order = s.order[:0]
	for d, v := range s.total {
		if v <= 0 || len(s.order) == keep && v <= s.total[s.order[keep-1]] {
			continue
		}
		at, _ := slices.BinarySearchFunc(s.order, int32(d), better)
		if len(s.order) == keep {
			s.order = s.order[:keep-1]
		}
		s.order = slices.Insert(s.order, at, int32(d))
	}
	hits := make([]Hit, 0, min(n, len(s.order)))
	for _, d := range s.order[:min(n, len(s.order))] {
		hits = append(hits, Hit{Entry: int(d), ID: x.entries[d].ID, Score: float64(s.total[d]), Why: x.why(q, int(d))})
	}
	if len(hits) > 0 {
		g := x.signs(s, q)
		hits[0].Sure, hits[0].Answers, hits[0].Plain = g.sureness(), g.answers(), g.plain()
	}
	return hits
}

// mostReasons is how many words of a question a hit names.
const mostReasons = 5

// why lists the words a hit rests on, the weightiest first.
func (x *Index) why(q *query, doc int) []Reason {
	var list []Reason
	sum := 0.0
	see := func(w word, said string, weight float32) {
		id, ok := x.reads.ids[w.read]
		if !ok || !w.content {
			return
		}
		v := float64(weight * x.reads.weightIn(id, doc))
		if v == 0 || slices.ContainsFunc(list, func(r Reason) bool { return r.Found == w.surface }) {
			return
		}
		sum += v
		list = append(list, Reason{Said: said, Found: w.surface, Weight: v})
	}
	for _, w := range q.words {
		see(w, w.surface, 1)
	}
	for _, a := range q.added {
		for _, w := range a.words {
			see(w, a.said, a.weight)
		}
	}
	slices.SortStableFunc(list, func(a, b Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	for i := range list {
		list[i].Weight /= sum
	}
	return list[:min(len(list), mostReasons)]
}
