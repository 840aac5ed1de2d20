package understand

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// ParseLexicon reads concepts, one a line: the concept's id, a colon, its
// words with commas between. "#" begins a comment line.
func ParseLexicon(name string, data []byte) ([]Concept, []Problem) {
	var out []Concept
	var problems []Problem
	seen := make(map[string]bool)
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fail := func(format string, args ...any) {
			problems = append(problems, Problem{name, i + 1, fmt.Sprintf(format, args...)})
		}
		id, rest, ok := strings.Cut(line, ":")
		c := Concept{ID: strings.TrimSpace(id)}
		for w := range strings.SplitSeq(rest, ",") {
			if w = strings.TrimSpace(w); w != "" {
				c.Words = append(c.Words, w)
			}
		}
		switch {
		case !ok || c.ID == "":
			fail("a concept, a colon and words are needed")
		case len(c.Words) == 0:
			fail("concept %q has no words", c.ID)
		case seen[c.ID]:
			fail("concept %q stands twice", c.ID)
		default:
			seen[c.ID] = true
			out = append(out, c)
		}
	}
	return out, problems
}

// conceptBook finds the concepts a clause speaks of.
type conceptBook struct {
	written *matcher               // words that are not in Latin letters, and readings
	stems   map[string][]stemEntry // words in Latin letters by their first stem
	plain   map[string][]stemEntry // Vietnamese without marks, of two words at least, by the first
}

type stemEntry struct {
	rest []string
	id   int
}

// shortestReading is the length from which a word is also looked for by its
// reading; shorter readings stand inside too many other words.
const shortestReading = 3

func newConceptBook(concepts []Concept, a *analyser) *conceptBook {
	if len(concepts) == 0 {
		return nil
	}
	b := &conceptBook{written: newMatcher(), stems: make(map[string][]stemEntry), plain: make(map[string][]stemEntry)}
	for id, c := range concepts {
		for _, w := range c.Words {
			w = normalise(w)
			if n := count(w); n.latin > 0 && n.kana+n.han+n.hangul == 0 {
				if s := stems(w); len(s) > 0 {
					b.stems[s[0]] = append(b.stems[s[0]], stemEntry{s[1:], id})
				}
				if p := plainWords(w); len(p) > 1 && n.script() == scriptVietnam {
					b.plain[p[0]] = append(b.plain[p[0]], stemEntry{p[1:], id})
				}
				continue
			}
			b.written.add(w, id)
			if kana := a.reading(w); kana != w && utf8.RuneCountInString(kana) >= shortestReading {
				b.written.add(kana, id)
			}
		}
	}
	return b
}

// each calls found with every concept of a clause; one may come many times.
func (b *conceptBook) each(c *clause, found func(id int)) {
	at := func(id, _, _ int) { found(id) }
	if c.text != "" {
		b.written.each([]rune(c.text), at)
	}
	if c.kana != "" {
		begins := wordBegins(c)
		b.written.each([]rune(c.kana), func(id, start, _ int) {
			if begins == nil || begins[start] {
				found(id)
			}
		})
	}
	eachEntry(b.stems, c.stems, c.plain != nil, found)
	eachEntry(b.plain, c.plain, false, found)
}

// eachEntry looks for words of the book. Of a Vietnamese message a syllable
// without marks tells nothing alone unless only Vietnamese has it: "ban" and
// "me" are other words in other languages.
func eachEntry(book map[string][]stemEntry, words []string, vietnamese bool, found func(id int)) {
	for i, s := range words {
		alone := true
		if vietnamese && vietnameseSyllable(s) {
			_, alone = vietnameseWords[s]
		}
	entries:
		for _, e := range book[s] {
			if i+1+len(e.rest) > len(words) || len(e.rest) == 0 && !alone {
				continue
			}
			for k, r := range e.rest {
				if words[i+1+k] != r {
					continue entries
				}
			}
			found(e.id)
		}
	}
}

// wordBegins marks where words begin in the reading of a clause; nil for a
// clause without kanji, whose words nobody can be sure of. いしゃ lies in
// かいしゃ too, but does not begin a word there.
func wordBegins(c *clause) []bool {
	if !strings.ContainsFunc(c.text, isHan) {
		return nil
	}
	begins := make([]bool, utf8.RuneCountInString(c.kana)+1)
	at := 0
	for i := range c.words {
		if at >= len(begins) {
			break
		}
		begins[at] = true
		at += utf8.RuneCountInString(kanaOf(c.words[i : i+1]))
	}
	return begins
}
