package faq

import (
	"fmt"
	"slices"
	"strings"
)

// Asked is a question with the entries that answer it.
type Asked struct {
	ID       string
	Query    string
	Relevant []string
}

// Figures are how well a set of questions was answered.
type Figures struct {
	N        int     // questions
	Recall   float64 // questions with a right entry among the first ten
	Hit1     float64 // … first
	Hit3     float64
	Hit5     float64
	MRR      float64 // mean of 1/rank of the first right entry, among the first ten
	Answered int     // questions whose first hit is sure enough to be shown as the answer
	Wrong    int     // of these, first hit wrong
	Missed   []string
}

// Measure asks every question.
func Measure(x *Index, questions []Asked) Figures {
	f := Figures{N: len(questions)}
	if f.N == 0 {
		return f
	}
	for _, q := range questions {
		hits := x.Search(q.Query, 10)
		at := slices.IndexFunc(hits, func(h Hit) bool { return slices.Contains(q.Relevant, h.ID) })
		if at >= 0 {
			f.Recall++
			f.MRR += 1 / float64(at+1)
		} else {
			f.Missed = append(f.Missed, q.ID)
		}
		for limit, to := range map[int]*float64{1: &f.Hit1, 3: &f.Hit3, 5: &f.Hit5} {
			if at >= 0 && at < limit {
				*to++
			}
		}
		if len(hits) > 0 && hits[0].Answers {
			f.Answered++
			if at != 0 {
				f.Wrong++
			}
		}
	}
	n := float64(f.N)
	f.Recall, f.MRR, f.Hit1, f.Hit3, f.Hit5 = f.Recall/n, f.MRR/n, f.Hit1/n, f.Hit3/n, f.Hit5/n
	return f
}

// Without returns the same index with channels left out, for measuring what
// each is worth: letters of B R C L K, and Q for coverage, X for the lexicon.
func (x *Index) Without(channels string) *Index {
	y := &Index{
		entries: x.entries, reader: x.reader, lexicon: x.lexicon, lattice: x.lattice, words: x.words, reads: x.reads,
		chars: x.chars, threes: x.threes, latent: x.latent, mixed: x.mixed, covers: x.covers, ways: x.ways, without: channels,
	}
	if strings.Contains(channels, "X") {
		y.lexicon = newLexicon(x.reader, nil)
	}
	y.pool.New = func() any { return newScratch(len(x.entries), len(x.ways)) }
	return y
}

// ParsePairs reads "id TAB question TAB answer" a line. A header line is left
// out: its id is "id". Lines without an answer keep the question.
func ParsePairs(data string) ([]Entry, error) {
	var list []Entry
	seen := make(map[string]bool)
	for n, cells := range rows(data) {
		if len(cells) < 2 {
			return nil, fmt.Errorf("line %d: want id, question and answer with tabs between", n)
		}
		e := Entry{ID: cells[0], Question: cells[1]}
		if len(cells) > 2 {
			e.Answer = strings.Join(cells[2:], " ")
		}
		if seen[e.ID] {
			return nil, fmt.Errorf("line %d: id %q stands twice", n, e.ID)
		}
		seen[e.ID] = true
		list = append(list, e)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("no pairs: want id, question and answer a line, with tabs between")
	}
	return list, nil
}

// ParseAsked reads "id TAB query TAB relevant ids with commas" a line.
func ParseAsked(data string) ([]Asked, error) {
	var list []Asked
	for n, cells := range rows(data) {
		if len(cells) < 3 {
			return nil, fmt.Errorf("line %d: want id, query and relevant ids with tabs between", n)
		}
		a := Asked{ID: cells[0], Query: cells[1]}
		for id := range strings.SplitSeq(cells[2], ",") {
			if id = strings.TrimSpace(id); id != "" {
				a.Relevant = append(a.Relevant, id)
			}
		}
		if len(a.Relevant) == 0 {
			return nil, fmt.Errorf("line %d: no relevant id", n)
		}
		list = append(list, a)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("no queries: want id, query and relevant ids a line, with tabs between")
	}
	return list, nil
}

// rows are the lines of a table with their cells, by line number; empty lines
// and a header line are left out.
func rows(data string) func(yield func(int, []string) bool) {
	return func(yield func(int, []string) bool) {
		n := 0
		for line := range strings.SplitSeq(strings.TrimPrefix(data, "\ufeff"), "\n") {
			n++
			line = strings.TrimRight(line, "\r")
			if strings.TrimSpace(line) == "" {
				continue
			}
			cells := strings.Split(line, "\t")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			if n == 1 && header(cells) {
				continue
			}
			if !yield(n, cells) {
				return
			}
		}
	}
}

func header(cells []string) bool {
	first := strings.ToLower(cells[0])
	if first == "id" || first == "qid" || first == "pair_id" || first == "query_id" || first == "番号" {
		return true
	}
	return len(cells) > 1 && slices.Contains([]string{"question", "query", "質問"}, strings.ToLower(cells[1]))
}
