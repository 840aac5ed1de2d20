package understand

import "math"

// cover knows which words the texts of a set and of each of its labels use.
type cover struct {
	terms   map[uint64]coverTerm
	unknown float32 // idf of a word no text has
}

type coverTerm struct {
	idf    float32
	labels []int32 // whose texts have it
}

func learnCover(texts [][]uint64, labels []int) *cover {
	c := &cover{terms: make(map[uint64]coverTerm), unknown: float32(math.Log(1 + float64(len(texts))))}
	last := make(map[uint64]int)
	for i, terms := range texts {
		for _, h := range terms {
			if last[h] == i+1 {
				continue
			}
			last[h] = i + 1
			t := c.terms[h]
			t.idf++ // counts texts until all are read
			if !hasLabel(t.labels, labels[i]) {
				t.labels = append(t.labels, int32(labels[i]))
			}
			c.terms[h] = t
		}
	}
	for h, t := range c.terms {
		t.idf = float32(math.Log(1 + float64(len(texts))/float64(t.idf)))
		c.terms[h] = t
	}
	return c
}

func hasLabel(labels []int32, label int) bool {
	for _, l := range labels {
		if int(l) == label {
			return true
		}
	}
	return false
}

// of returns what share of a text's words, weighted by how rare they are, any
// text of the set has, and what share those of one label have.
func (c *cover) of(terms []uint64, label int) (known, covered float64) {
	var total, any, own float32
	for _, h := range terms {
		t, ok := c.terms[h]
		if !ok {
			total += c.unknown
			continue
		}
		total += t.idf
		any += t.idf
		if hasLabel(t.labels, label) {
			own += t.idf
		}
	}
	if total == 0 {
		return 0, 0
	}
	return float64(any / total), float64(own / total)
}
