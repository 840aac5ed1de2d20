package understand

import (
	"slices"
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

// explain names the pieces of the message that count most for the first
// windows.
func (m *Model) explain(msg *message, windows []Scored) {
	type piece struct {
		text string
		id   int
	}
	var known []piece
	look := func(hash uint64, text string) {
		if id := m.space.find(fold(hash)); id >= 0 {
			known = append(known, piece{text, int(id)})
		}
	}
	for k := range msg.clauses {
		if k >= mostExplained/2 && k < len(msg.clauses)-mostExplained/2 {
			continue
		}
		c := &msg.clauses[k]
		for _, w := range c.words {
			if w.content {
				look(hashString(seed(chWord, 0), w.base), w.surface)
			}
		}
		for _, s := range c.stems {
			look(hashString(seed(chEnglish, 0), s), s)
		}
		pieces(c.text, look)
	}
	parts := make([]part, 0, len(known))
	for i := range windows[:min(explained, len(windows))] {
		out := m.windowIndex[windows[i].ID]
		parts = parts[:0]
		for _, p := range known {
			if w := float64(m.weights[p.id*m.size()+out]) * float64(m.scale[p.id]) * float64(m.space.idf[p.id]); w > 0 {
				parts = append(parts, part{p.text, w})
			}
		}
		windows[i].Why = heaviest(parts)
	}
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
