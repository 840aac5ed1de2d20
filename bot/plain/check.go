package plain

import (
	"slices"
	"sort"
)

// checker checks one text.
type checker struct {
	p         *Plain
	o         Options
	b         *bare
	text      []rune // bare, addresses and telephone numbers masked
	tokens    []token
	sentences []sentence
	findings  []Finding
	costs     []int // per sentence
	own       []ruby
	mended    []bool          // runes that R18 and R19 have named already
	meant     map[string]bool // words that have their meaning somewhere in the text
}

// Check reads a text against the rules and scores it. Rules that need more
// than the text (R28 a picture, R29 an original, R30 buttons) hold when the
// options give it.
func (p *Plain) Check(text string, o Options) Report {
	c := &checker{p: p, o: o, b: parse(text, p.numbers)}
	c.text = p.mask(c.b.text)
	c.sentences = sentences(c.text)
	c.costs = make([]int, len(c.sentences))
	c.tokens = p.tokens(c.b.text)
	c.all()
	slices.SortStableFunc(c.findings, func(a, b Finding) int { return a.Start - b.Start })
	r := Report{Findings: c.findings, Score: 100, Sentences: len(c.sentences)}
	if r.Findings == nil {
		r.Findings = []Finding{}
	}
	sum := 0
	for i := range c.sentences {
		r.Lengths = append(r.Lengths, c.sentences[i].length())
		sum += max(0, 100-c.costs[i])
	}
	if n := len(c.sentences); n > 0 {
		r.Score = (sum + n/2) / n
	}
	c.places(r.Findings)
	return r
}

func (c *checker) all() {
	easy := c.o.Where != Ordinary
	if easy {
		c.calendar()
	}
	for i := range c.sentences {
		s := &c.sentences[i]
		c.lengths(s)
		c.fullWidth(s)
		c.promises(s)
		if !easy {
			continue
		}
		c.oneIdea(s)
		c.ending(s)
		c.doubleNegation(s)
		c.passive(s)
		c.honorific(s)
		c.listed(s)
		c.loanwords(s)
		c.hardWords(s)
		c.nouns(s)
		c.kanji(s)
		c.blanks(s)
		c.dates(s)
		c.times(s)
		c.signs(s)
	}
	if easy {
		c.readings()
		c.wholeText()
	}
	c.around()
}

// report notes a breach at runes [start,end) of the bare text.
func (c *checker) report(rule string, sev Severity, start, end int, what, suggestion string) {
	if c.o.Where == Ordinary {
		sev = Warning
	}
	if end > len(c.b.text) {
		end = len(c.b.text)
	}
	from, to := c.b.at[start], c.b.at[end]
	for to > from && end > start && to > c.b.at[end-1]+1 && c.b.src[to-1] != '）' && c.b.src[to-1] != ')' {
		to--
	}
	c.findings = append(c.findings, Finding{
		Rule: rule, Severity: sev, Start: from, End: to, Words: string(c.b.raw[start:end]), What: what, Suggestion: suggestion,
	})
	cost := 10
	if sev == Error {
		cost = 40
	}
	if i := c.sentenceAt(start); i < len(c.costs) {
		c.costs[i] += cost
	}
}

// sentenceAt returns the first sentence that ends after a rune of the bare
// text.
func (c *checker) sentenceAt(at int) int {
	return sort.Search(len(c.sentences), func(i int) bool { return c.sentences[i].end > at })
}

// wordsOf returns where the tokens of a sentence are: [from, to).
func (c *checker) wordsOf(s *sentence) (from, to int) {
	from = sort.Search(len(c.tokens), func(i int) bool { return c.tokens[i].start >= s.start })
	to = from + sort.Search(len(c.tokens)-from, func(i int) bool { return c.tokens[from+i].start >= s.end })
	return from, to
}

// in reports runes [from,to) of a squeezed sentence.
func (c *checker) in(s *sentence, rule string, sev Severity, from, to int, what, suggestion string) {
	c.report(rule, sev, s.at[from], s.at[max(to-1, from)]+1, what, suggestion)
}

// places gives each finding its line and column.
func (c *checker) places(findings []Finding) {
	line, column, at := 1, 1, 0
	for i := range findings { // in order of Start
		f := &findings[i]
		for ; at < f.Start; at++ {
			if c.b.src[at] == '\n' {
				line, column = line+1, 1
			} else {
				column++
			}
		}
		f.Line, f.Column = line, column
	}
}

// runesBefore turns a byte place of a squeezed sentence into runes.
func runesBefore(s string, at int) int {
	n := 0
	for i := range s {
		if i >= at {
			break
		}
		n++
	}
	return n
}
