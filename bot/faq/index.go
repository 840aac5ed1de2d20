package faq

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// Index is a set of entries ready to be searched. It does not change once
// built and may be used by many goroutines at once.
type Index struct {
	entries []Entry
	reader  *reader
	lexicon *lexicon
	lattice *lattice
	words   *channel // B
	reads   *channel // R
	chars   *channel // C
	threes  *channel // K
	latent  *latent  // L
	mixed   *channel // characters of entries and rules, for L
	covers  *channel // a document a way to ask an entry; a weight is the word's share of it
	ways    []way    // the documents of covers
	without string   // channels left out, for measuring
	pool    sync.Pool
}

// Build makes the index of entries. It takes about 2 ms an entry with answers
// of several sentences.
func Build(entries []Entry, rules []Rule) (*Index, error) {
	r, err := newReader()
	if err != nil {
		return nil, fmt.Errorf("open the dictionary: %w", err)
	}
	x := &Index{entries: entries, reader: r, lexicon: newLexicon(r, rules), lattice: newLattice(r)}
	x.pool.New = func() any { return newScratch(len(entries), len(x.ways)) }
	words, reads := newGathering(len(entries)), newGathering(len(entries))
	chars, threes := newGathering(len(entries)), newGathering(len(entries))
	var corpus [][]word
	for doc := range entries {
		for _, part := range parts(entries[doc]) {
			text := understand.ReadText(part.text).Norm
			list := r.read(text)
			corpus = append(corpus, list)
			for _, w := range list {
				if !w.content {
					continue
				}
				words.add(doc, part.field, w.base)
				reads.add(doc, part.field, w.read)
			}
			if part.field == inQuestion && part.text != "" {
				x.ways = append(x.ways, way{int32(doc), contentReads(list), pairsOf(list), asksMeaning(text)})
			}
			eachGram(text, func(g string) { chars.add(doc, part.field, g) })
			eachThree(list, func(g string) { threes.add(doc, part.field, g) })
		}
	}
	x.words, x.reads = words.weigh(wordShape()), reads.weigh(wordShape())
	x.chars, x.threes = chars.weigh(charShape()), threes.weigh(charShape())
	x.learnLatent(rules)
	x.covers = coverage(x.reads, x.ways)
	x.learnKana(corpus)
	return x, nil
}

// learnLatent finds what keeps company with what, in the entries and in the
// rules: a rule is read as one more text, so that a word of its head draws the
// query towards its meaning even where the head as a whole does not stand in it.
func (x *Index) learnLatent(rules []Rule) {
	g := newGathering(len(x.entries) + len(rules))
	for doc := range x.entries {
		for _, part := range parts(x.entries[doc]) {
			eachGram(understand.ReadText(part.text).Norm, func(gram string) { g.add(doc, part.field, gram) })
		}
	}
	for i, r := range rules {
		for _, s := range slices.Concat(r.Say, r.Means) {
			eachGram(understand.ReadText(s).Norm, func(gram string) { g.add(len(x.entries)+i, inFirst, gram) })
		}
	}
	x.mixed = g.weigh(charShape())
	x.latent = learn(x.mixed, len(x.entries))
}

// learnKana prepares the way from kana to the words of corpus and lexicon.
func (x *Index) learnKana(corpus [][]word) {
	for _, list := range corpus {
		x.lattice.count(list)
	}
	x.lattice.learnLittle()
	for _, list := range corpus {
		x.lattice.learn(list)
	}
	for _, r := range x.lexicon.rules {
		x.lattice.learn(r.head)
		for _, t := range r.means {
			x.lattice.learn(t.words)
		}
	}
}

// part is a piece of an entry's text and the field it belongs to.
type part struct {
	field int
	text  string
}

// way is one of the ways to ask an entry.
type way struct {
	doc   int32
	reads []string        // of the words that count
	pairs map[string]bool // of kana in them
	means bool            // asks after a meaning
}

func parts(e Entry) []part {
	list := []part{{inTag, e.Tag}, {inQuestion, e.Question}}
	for _, q := range e.Also {
		list = append(list, part{inQuestion, q})
	}
	first, rest := firstSentence(e.Answer)
	return append(list, part{inFirst, first}, part{inRest, rest})
}

// firstSentence cuts after the first full stop or line break.
func firstSentence(s string) (first, rest string) {
	s = strings.TrimSpace(s)
	for i, r := range s {
		if r == '。' || r == '\n' || r == '?' || r == '？' {
			end := i + len(string(r))
			return s[:end], s[end:]
		}
	}
	return s, ""
}

func contentReads(words []word) []string {
	var out []string
	for _, w := range words {
		if w.content {
			out = append(out, w.read)
		}
	}
	return out
}

// coverage is a channel over the ways to ask alone whose weights sum to 1 for
// each: the share of the question's weight each of its words has.
func coverage(reads *channel, ways []way) *channel {
	c := &channel{ids: reads.ids, terms: reads.terms, posts: make([][]posting, len(reads.terms)), idf: reads.idf, docs: len(ways)}
	for n, w := range ways {
		var ids []int32
		total := float32(0)
		for _, t := range w.reads {
			if id, ok := reads.ids[t]; ok && !slices.Contains(ids, id) {
				ids = append(ids, id)
				total += reads.idf[id]
			}
		}
		for _, id := range ids {
			c.posts[id] = append(c.posts[id], posting{int32(n), reads.idf[id] / total})
		}
	}
	return c
}
