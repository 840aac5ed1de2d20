package plain

import (
	"strings"
	"unicode/utf8"
)

// Doubt is a word that a program should not read: its reading depends on the
// sense, or nobody has written it down.
type Doubt struct {
	Word         string
	Line, Column int // from 1, in runes of the text as given
	Readings     []string
}

// Segment is a piece of text and, where it is furigana, how it is read.
type Segment struct {
	Text, Reading string
}

// Furigana returns the text with 漢字（かんじ） wherever the reading is
// certain. Furigana that stands there already is kept; elsewhere nothing is
// added, and Doubts names those words. Furigana of its own result changes
// nothing.
func (p *Plain) Furigana(text string) string {
	out, _ := p.furigana(text)
	return out
}

// Doubts lists the words with kanji that Furigana leaves without a reading.
func (p *Plain) Doubts(text string) []Doubt {
	_, doubts := p.furigana(text)
	return doubts
}

// Read returns the text in pieces, for pages that draw ruby.
func (p *Plain) Read(text string) []Segment {
	b := parse(text, p.numbers)
	var out []Segment
	at := 0
	for _, r := range p.readAll(b) {
		if !r.sure {
			continue
		}
		if r.start > at {
			out = append(out, Segment{Text: string(b.raw[at:r.start])})
		}
		out = append(out, Segment{string(b.raw[r.start:r.end]), r.kana})
		at = r.end
	}
	if at < len(b.raw) {
		out = append(out, Segment{Text: string(b.raw[at:])})
	}
	return out
}

func (p *Plain) furigana(text string) (string, []Doubt) {
	b := parse(text, p.numbers)
	var out strings.Builder
	var doubts []Doubt
	at := 0
	for _, r := range p.readAll(b) {
		if r.given {
			continue
		}
		if !r.sure {
			line, column := place(b.src, b.at[r.start])
			doubts = append(doubts, Doubt{string(b.raw[r.start:r.end]), line, column, p.known(string(b.text[r.start:r.end]))})
			continue
		}
		end := b.at[r.end-1] + 1
		out.WriteString(string(b.src[at:end]))
		out.WriteString("（" + r.kana + "）")
		at = end
	}
	out.WriteString(string(b.src[at:]))
	return out.String(), doubts
}

func (p *Plain) known(word string) []string { return p.lexicon.words[word].kana }

// place turns a position in runes into line and column, both from 1.
func place(rs []rune, at int) (line, column int) {
	line, column = 1, 1
	for _, r := range rs[:at] {
		if r == '\n' {
			line, column = line+1, 1
		} else {
			column++
		}
	}
	return line, column
}

// readAll returns every piece with kanji in order: given readings, certain
// ones, and those in doubt.
func (p *Plain) readAll(b *bare) []ruby {
	return p.readTokens(b, p.tokens(b.text))
}

func (p *Plain) readTokens(b *bare, tokens []token) []ruby {
	s := &scan{p: p, b: b, tokens: tokens, taken: make([]bool, len(b.text))}
	s.edges = make([]bool, len(b.text)+1)
	for _, t := range tokens {
		s.edges[t.start] = true
	}
	s.edges[len(b.text)] = true
	for _, r := range b.rubies {
		s.take(r)
	}
	for i := 0; i < len(s.tokens); i++ {
		t := s.tokens[i]
		for at := t.start; at < t.end; {
			at = s.step(i, at)
		}
	}
	return s.join()
}

// scan reads one text from left to right.
type scan struct {
	p      *Plain
	b      *bare
	tokens []token
	edges  []bool // where words begin
	taken  []bool
	found  []ruby
}

func (s *scan) take(r ruby) {
	s.found = append(s.found, r)
	for i := r.start; i < r.end; i++ {
		s.taken[i] = true
	}
}

// step reads what begins at a rune of token i, and returns where to go on.
func (s *scan) step(i, at int) int {
	if s.taken[at] {
		return at + 1
	}
	if n := s.byLexicon(at); n > 0 {
		return at + n
	}
	if n := s.byNumber(i, at); n > 0 {
		return at + n
	}
	t := s.tokens[i]
	if at != t.start || !hasHan(t.surface) {
		if isHan(s.b.text[at]) {
			s.take(ruby{start: at, end: at + 1}) // inside a word that the lexicon began
		}
		return at + 1
	}
	s.byWord(i)
	return t.end
}

// byLexicon takes the longest kept word that begins here and ends where a
// word or a run of kanji ends.
func (s *scan) byLexicon(at int) int {
	text := s.b.text
	if !s.edges[at] && (at == 0 || isHan(text[at-1]) && !s.taken[at-1]) {
		return 0
	}
	for n := min(s.p.lexicon.longest, len(text)-at); n > 0; n-- {
		end := at + n
		e, ok := s.p.lexicon.words[string(text[at:end])]
		if !ok || s.anyTaken(at, end) {
			continue
		}
		if n == 1 && (at > 0 && isHan(text[at-1]) || end < len(text) && isHan(text[end])) {
			continue // a kept reading of one kanji is for the kanji alone
		}
		if !s.edges[end] && isHan(text[end-1]) && (n == 1 || !startsDoing(text[end:])) {
			continue // the beginning of another word: 外 in 外して
		}
		if e.unsure {
			for k := at; k < end; k++ {
				if isHan(text[k]) {
					s.take(ruby{start: k, end: k + 1})
				} else {
					s.taken[k] = true
				}
			}
			return n
		}
		for _, r := range align(text[at:end], e.kana[0]) {
			r.start += at
			r.end += at
			s.take(r)
		}
		for k := at; k < end; k++ {
			s.taken[k] = true
		}
		return n
	}
	return 0
}

// startsDoing tells する behind a noun.
func startsDoing(rest []rune) bool {
	s := string(rest[:min(len(rest), 2)])
	for _, w := range []string{"する", "した", "して", "しま", "しな", "され", "させ", "でき"} {
		if s == w {
			return true
		}
	}
	return false
}

func (s *scan) anyTaken(from, to int) bool {
	for i := from; i < to; i++ {
		if s.taken[i] {
			return true
		}
	}
	return false
}

// byWord reads the token with the dictionary, where the rules of senses.go
// have nothing to say against it.
func (s *scan) byWord(i int) {
	t := s.tokens[i]
	if s.anyTaken(t.start, t.end) {
		for k := t.start; k < t.end; k++ {
			if isHan(s.b.text[k]) && !s.taken[k] {
				s.take(ruby{start: k, end: k + 1})
			}
		}
		return
	}
	kana, sure := s.sense(i)
	if rest, ok := strings.CutPrefix(kana, "あづ"); ok && strings.HasPrefix(t.surface, "預") {
		kana = "あず" + rest // the dictionary keeps the spelling of before 1946
	}
	var pieces []ruby
	if sure && kana != "" {
		pieces = align([]rune(t.surface), kana)
	}
	if len(pieces) == 0 {
		for k := t.start; k < t.end; k++ {
			if isHan(s.b.text[k]) {
				s.take(ruby{start: k, end: k + 1})
			}
		}
		return
	}
	for k, r := range pieces {
		r.start += t.start
		r.end += t.start
		r.verb = k == 0 && (t.pos == "動詞" || t.pos == "形容詞" || t.pos == "副詞" || t.pos == "連体詞")
		s.take(r)
	}
}

// join puts neighbouring pieces of one run of kanji together: 住民+票 →
// 住民票（じゅうみんひょう）. Where one part is in doubt, the whole run is.
func (s *scan) join() []ruby {
	found := s.found
	sortRubies(found)
	var out []ruby
	for _, r := range found {
		if n := len(out); n > 0 && !r.given && !out[n-1].given && !r.number && !out[n-1].number && !r.verb && out[n-1].end == r.start && isHan(s.b.text[r.start]) && isHan(s.b.text[r.start-1]) {
			last := &out[n-1]
			last.end = r.end
			last.sure = last.sure && r.sure
			last.kana += r.kana
			continue
		}
		out = append(out, r)
	}
	for i := range out {
		if !out[i].given && utf8.RuneCountInString(out[i].kana) > longestReading {
			out[i].sure = false // no word is that long
		}
	}
	return out
}

func sortRubies(rs []ruby) {
	for i := 1; i < len(rs); i++ { // almost sorted
		for j := i; j > 0 && rs[j].start < rs[j-1].start; j-- {
			rs[j], rs[j-1] = rs[j-1], rs[j]
		}
	}
}
