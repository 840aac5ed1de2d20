package faq

import (
	"math"
	"slices"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// addedWeight is what a word the lexicon adds weighs against one the resident
// said; a phrase of n words gives each 1/√n of it.
const addedWeight = 0.6

// longestHead is how many words a head of a rule may have.
const longestHead = 5

// shortestRead is how long a reading must be, in bytes, to stand for its word:
// three kana.
const shortestRead = 9

// lexicon is the rules, ready to be found in a query.
type lexicon struct {
	heads map[string][]int32 // by a form of the first word: places in rules
	rules []rule
}

type rule struct {
	head  []word
	means []target
}

// target is one phrase to look for as well.
type target struct {
	text  string
	words []word
}

func newLexicon(r *reader, rules []Rule) *lexicon {
	l := &lexicon{heads: make(map[string][]int32)}
	for _, in := range rules {
		var means []target
		for _, m := range in.Means {
			text := understand.ReadText(m).Norm
			if words := r.read(text); len(words) > 0 {
				means = append(means, target{text, words})
			}
		}
		for _, say := range in.Say {
			head := counting(r.read(understand.ReadText(say).Norm))
			if len(head) > longestHead || !slices.ContainsFunc(head, func(w word) bool { return w.content }) {
				continue // nothing to go by: it would be found everywhere
			}
			id := int32(len(l.rules))
			l.rules = append(l.rules, rule{head, means})
			for _, key := range forms(head[0]) {
				l.heads[key] = append(l.heads[key], id)
			}
		}
	}
	return l
}

// forms are the ways a word is looked up by: as written, its dictionary form,
// and its reading (marked, so that it only meets another reading).
func forms(w word) []string {
	list := []string{w.surface}
	if w.base != w.surface {
		list = append(list, w.base)
	}
	if len(w.read) >= shortestRead {
		list = append(list, "\x00"+w.read)
	}
	return list
}

// same reports whether a word of a query is a word of a head. Readings count
// only when one of the two is written in kana, or 公園 would be 講演.
func same(head, said word) bool {
	if head.surface == said.surface || head.base == said.base {
		return true
	}
	return len(head.read) >= shortestRead && head.read == said.read && (allKana(head.surface) || allKana(said.surface))
}

// added is a phrase that rules add to a query.
type added struct {
	target
	weight float32
	said   string // the words of the query it comes from
}

// expand finds the rules whose head stands in words, which are those that
// count. A phrase added twice comes once.
func (l *lexicon) expand(words []word) []added {
	var out []added
	seen := make(map[string]bool)
	tried := make(map[int32]bool)
	for i := range words {
		clear(tried)
		for _, key := range forms(words[i]) {
			for _, id := range l.heads[key] {
				if tried[id] {
					continue
				}
				tried[id] = true
				r := &l.rules[id]
				if !startsWith(words[i:], r.head) {
					continue
				}
				said := ""
				for _, w := range words[i : i+reach(words[i:], r.head)] {
					said += w.surface
				}
				for _, t := range r.means {
					if seen[t.text] {
						continue
					}
					seen[t.text] = true
					n := 0
					for _, w := range t.words {
						if w.content {
							n++
						}
					}
					w := addedWeight / math.Sqrt(float64(max(1, n)))
					out = append(out, added{t, float32(w), said})
				}
			}
		}
		if len(out) >= mostAdded {
			break
		}
	}
	return out
}

// mostAdded bounds what a long query can pull in.
const mostAdded = 120

func startsWith(words, head []word) bool {
	return reach(words, head) > 0
}

// widestGap is how many words may stand between two of a head: 家賃がもう払えない.
const widestGap = 1

// reach is how many words a head at the beginning of words takes, 0 when it is not there.
func reach(words, head []word) int {
	at := 0
	for k := range head {
		skipped := 0
		for at < len(words) && !same(head[k], words[at]) {
			at++
			skipped++
			if k == 0 || skipped > widestGap {
				return 0
			}
		}
		if at >= len(words) {
			return 0
		}
		at++
	}
	return at
}
