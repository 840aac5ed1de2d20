package plain

import (
	"strings"
	"unicode"
)

// longestSentence is where a text without a full stop is cut, in runes, so that
// the cost of a check grows with its length only.
const longestSentence = 500

// sentence is one sentence of a bare text, or one line that is no sentence.
type sentence struct {
	start, end int  // runes of the bare text, with the sign that ends it
	item       bool // an item of a list, «label：value», a heading
	stopped    bool // ends with 。 or the like
	squeezed   []rune
	at         []int // where each rune of squeezed stands in the bare text; one more for the end
}

func (s *sentence) text() string { return string(s.squeezed) }

// sentences cuts a masked text at 。！？ and line ends, not inside brackets.
func sentences(text []rune) []sentence {
	var out []sentence
	lines := 1 + strings.Count(strings.TrimSpace(string(text)), "\n")
	start, depth, first := 0, 0, true
	flush := func(end int, stopped bool) {
		s := sentence{start: start, end: end, stopped: stopped}
		start = end
		for s.start < s.end && (isBlank(text[s.start]) || text[s.start] == '\n') {
			s.start++
		}
		for s.end > s.start && (isBlank(text[s.end-1]) || text[s.end-1] == '\n') {
			s.end--
		}
		for i := s.start; i < s.end; i++ {
			if !isBlank(text[i]) {
				s.squeezed = append(s.squeezed, text[i])
				s.at = append(s.at, i)
			}
		}
		s.at = append(s.at, s.end)
		if !wordy(s.squeezed) {
			return
		}
		s.item = isItem(s.squeezed, stopped, lines, first)
		out = append(out, s)
	}
	for i, r := range text {
		switch {
		case r == '\n':
			flush(i+1, false)
			depth, first = 0, true
			continue
		case strings.ContainsRune("「『（(", r):
			depth++
		case strings.ContainsRune("」』）)", r):
			depth = max(depth-1, 0)
		case strings.ContainsRune("。！？!?", r) && depth == 0:
			if i+1 < len(text) && strings.ContainsRune("。！？!?", text[i+1]) {
				continue
			}
			flush(i+1, true)
			first = false
		case i-start >= longestSentence:
			flush(i+1, false)
			depth, first = 0, false
		}
	}
	flush(len(text), false)
	return out
}

// wordy tells whether there is anything to read.
func wordy(rs []rune) bool {
	for _, r := range rs {
		if unicode.IsLetter(r) || isDigit(r) {
			return true
		}
	}
	return false
}

// isItem tells list items, «label：value» and headings from sentences: only
// those must end in です or ます.
func isItem(rs []rune, stopped bool, lines int, first bool) bool {
	if !first {
		return false
	}
	if strings.ContainsRune("・■●○◆-*①②③④⑤⑥⑦⑧⑨⑩【[", rs[0]) {
		return true
	}
	if len(rs) > 1 && isDigit(rs[0]) && (rs[1] == '.' || rs[1] == '．' || rs[1] == ')') {
		return true
	}
	for i, r := range rs {
		if i > 14 {
			break
		}
		if r == ':' && (i == 0 || !isDigit(rs[i-1])) {
			return true
		}
	}
	s := string(rs)
	return !stopped && lines > 1 && len(rs) <= 20 && !strings.ContainsAny(s, "はがを、")
}

// length counts what R02 counts: no blanks, addresses, telephone numbers; a
// placeholder as four.
func (s *sentence) length() int {
	n, inside := 0, false
	for _, r := range s.squeezed {
		switch {
		case r == masked:
		case r == '{':
			inside = true
			n += placeholderLength
		case r == '}':
			inside = false
		case !inside:
			n++
		}
	}
	return n
}

// placeholderLength is what {name} counts for, in characters and in morae:
// about a short name or a time. Our choice.
const placeholderLength = 4

// masked stands for runes of addresses and telephone numbers.
const masked = '\ufffc'

// mask hides addresses, mail addresses and telephone numbers, rune for rune.
func (p *Plain) mask(text []rune) []rune {
	out := append([]rune(nil), text...)
	s := string(text)
	at := newRuneIndex(s)
	for _, re := range p.rules.hidden {
		for _, m := range re.FindAllStringIndex(s, -1) {
			for i := at[m[0]]; i < at[m[1]]; i++ {
				out[i] = masked
			}
		}
	}
	return out
}
