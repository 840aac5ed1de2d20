package understand

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// explained is how many windows of a result get reasons, and how many each.
const (
	explained   = 3
	mostReasons = 3

	mostExplained = 8 // clauses looked at: the first and the last ones
)

// part is a piece of the message with what it adds to one window.
type part struct {
	text   string
	weight float64
}

// explain names the words of the message that count most for the first
// windows: whole ones, as staff read them.
func (m *Model) explain(msg *message, windows []Scored) {
	var known []saying
	for k := range msg.clauses {
		if k < mostExplained/2 || k >= len(msg.clauses)-mostExplained/2 {
			known = m.sayings(known, &msg.clauses[k])
		}
	}
	parts := make([]part, 0, len(known))
	for i := range windows[:min(explained, len(windows))] {
		out := m.windowIndex[windows[i].ID]
		parts = parts[:0]
		for _, s := range known {
			sum := 0.0
			for _, id := range s.features {
				sum += float64(m.weights[int(id)*m.size()+out]) * float64(m.scale[id]) * float64(m.space.idf[id])
			}
			if sum > 0 {
				parts = append(parts, part{s.text, sum})
			}
		}
		windows[i].Why = heaviest(parts)
	}
}

// saying is something said in a clause, with the features it gives.
type saying struct {
	text     string
	features []int32
}

// sayings are the words of a clause that say something, each with its ending;
// of languages nobody cuts into words here, pieces of two to four letters.
func (m *Model) sayings(dst []saying, c *clause) []saying {
	look := func(features []int32, hash uint64) []int32 {
		if id := m.space.find(fold(hash)); id >= 0 {
			return append(features, id)
		}
		return features
	}
	add := func(text string, features []int32) {
		if len(features) > 0 {
			dst = append(dst, saying{text, features})
		}
	}
	for w := range latinWords(c.text) {
		for _, s := range stems(w) {
			add(w, look(nil, hashString(seed(chEnglish, 0), s)))
		}
	}
	if len(c.words) == 0 {
		pieces(c.text, func(hash uint64, text string) { add(text, look(nil, hash)) })
		return dst
	}
	for i := 0; i < len(c.words); i++ {
		w := c.words[i]
		if !w.content {
			continue
		}
		text, features := w.surface, look(nil, hashString(seed(chWord, 0), w.base))
		for i+1 < len(c.words) && c.words[i+1].ending() {
			i++
			text += c.words[i].surface
		}
		pieces(text, func(hash uint64, _ string) { features = look(features, hash) })
		add(text, features)
	}
	return dst
}

// ending reports a word that only ends the one before: なぐり|ます, 払え|ない.
func (w word) ending() bool {
	return !w.content && !w.particle && strings.IndexFunc(w.surface, func(r rune) bool { return !isKana(r) }) < 0
}

// pieces visits the two- to four-letter pieces of a text without blanks or
// signs.
func pieces(s string, visit func(hash uint64, text string)) {
	for i := range s {
		h, n := seed(chChar, 0), 0
		for j, r := range s[i:] {
			if n == 4 || !isKana(r) && !isHan(r) && !isHangul(r) {
				break
			}
			h = mix(h, uint64(r))
			if n++; n > 1 {
				visit(h, s[i:i+j+utf8.RuneLen(r)])
			}
		}
	}
}

// heaviest keeps the weightiest pieces, none inside another.
func heaviest(parts []part) []Reason {
	slices.SortStableFunc(parts, func(a, b part) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return 0
	})
	var out []Reason
	for _, p := range parts {
		if len(out) == mostReasons {
			break
		}
		if slices.ContainsFunc(out, func(r Reason) bool { return overlaps(r.Words, p.text) }) {
			continue
		}
		out = append(out, Reason{Rule: "words", Words: p.text, Weight: p.weight})
	}
	return out
}

// overlaps says whether two pieces share two letters in a row.
func overlaps(a, b string) bool {
	ra, rb := []rune(a), []rune(b)
	for i := 0; i+1 < len(ra); i++ {
		for j := 0; j+1 < len(rb); j++ {
			if ra[i] == rb[j] && ra[i+1] == rb[j+1] {
				return true
			}
		}
	}
	return a == b
}
