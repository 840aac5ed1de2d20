package faq

import "math"

// Shape of the latent semantics.
const (
	rank       = 100
	oversample = 12 // further directions that make the first rank ones exact sooner
	rounds     = 7  // of subspace iteration
)

// latent is the character channel seen through its rank strongest directions:
// entries that share company, not characters.
type latent struct {
	rank  int
	terms []float32 // a row of rank a term: from terms to directions
	docs  []float32 // a row of rank an entry, unit length
}

// learn finds the strongest directions of c's matrix and places its first docs
// documents in them, by subspace iteration
// (Halko, Martinsson, Tropp, "Finding structure with randomness", 2011, with a
// start that is fixed instead of random).
func learn(c *channel, docs int) *latent {
	r := min(rank+oversample, c.docs)
	q := make([]float32, c.docs*r)
	start := uint64(0x9e3779b97f4a7c15)
	for i := range q { // a fixed sequence that looks random (splitmix64)
		start += 0x9e3779b97f4a7c15
		z := start
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		q[i] = float32(int64(z^z>>31)) / math.MaxInt64
	}
	orthonormal(q, c.docs, r)
	next := make([]float32, len(q))
	row := make([]float32, r)
	for range rounds {
		clear(next)
		for _, posts := range c.posts {
			if len(posts) < 2 {
				continue // a term of one entry says nothing about company
			}
			project(row, posts, q, r)
			for _, p := range posts {
				to := next[int(p.doc)*r:][:r]
				for k, v := range row {
					to[k] += p.weight * v
				}
			}
		}
		q, next = next, q
		orthonormal(q, c.docs, r)
	}
	// Orthogonal iteration sorts directions by strength; keep the first.
	l := &latent{rank: min(rank, r)}
	l.terms = make([]float32, len(c.posts)*l.rank)
	strength := make([]float64, r)
	for id, posts := range c.posts {
		project(row, posts, q, r)
		copy(l.terms[id*l.rank:][:l.rank], row)
		for k, v := range row {
			strength[k] += float64(v) * float64(v)
		}
	}
	for id := range c.posts {
		for k := range l.rank {
			if strength[k] > 0 {
				l.terms[id*l.rank+k] /= float32(math.Sqrt(strength[k]))
			}
		}
	}
	l.docs = make([]float32, docs*l.rank)
	for id, posts := range c.posts {
		from := l.terms[id*l.rank:][:l.rank]
		for _, p := range posts {
			if int(p.doc) >= docs {
				continue
			}
			to := l.docs[int(p.doc)*l.rank:][:l.rank]
			for k, v := range from {
				to[k] += p.weight * v
			}
		}
	}
	for d := range docs {
		unit(l.docs[d*l.rank:][:l.rank])
	}
	return l
}

// project is one term's row of the matrix times q.
func project(row []float32, posts []posting, q []float32, r int) {
	clear(row)
	for _, p := range posts {
		from := q[int(p.doc)*r:][:r]
		for k, v := range from {
			row[k] += p.weight * v
		}
	}
}

// orthonormal makes the r columns of an n×r matrix orthonormal (modified
// Gram–Schmidt, twice, which is enough for single precision).
func orthonormal(q []float32, n, r int) {
	cols := make([][]float64, r)
	for k := range cols {
		cols[k] = make([]float64, n)
		for i := range n {
			cols[k][i] = float64(q[i*r+k])
		}
	}
	for k := range cols {
		for range 2 {
			for j := range k {
				dot := 0.0
				for i, v := range cols[j] {
					dot += v * cols[k][i]
				}
				for i, v := range cols[j] {
					cols[k][i] -= dot * v
				}
			}
		}
		sum := 0.0
		for _, v := range cols[k] {
			sum += v * v
		}
		scale := 0.0
		if sum > 1e-20 {
			scale = 1 / math.Sqrt(sum)
		}
		for i := range cols[k] {
			cols[k][i] *= scale
			q[i*r+k] = float32(cols[k][i])
		}
	}
}

func unit(v []float32) {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= scale
	}
}

// score is the cosine of the query with every entry, not below 0. at is room
// for rank numbers.
func (l *latent) score(into []float32, c *channel, query []asked, at []float32) {
	clear(at)
	for _, q := range query {
		w := q.weight * c.idf[q.id]
		for k, v := range l.terms[int(q.id)*l.rank:][:l.rank] {
			at[k] += w * v
		}
	}
	unit(at)
	for d := range into {
		sum := float32(0)
		for k, v := range l.docs[d*l.rank:][:l.rank] {
			sum += v * at[k]
		}
		into[d] = max(0, sum)
	}
}
