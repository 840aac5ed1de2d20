package understand

import (
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
)

// The channels features come from. Each is normalised to unit length, so a
// channel with many features does not drown one with few.
const (
	chReading = iota // n-grams of the reading in hiragana
	chWord           // base forms, single and in pairs
	chEnglish        // stems, single, in pairs and skipping one; Vietnamese words without marks
	chChar           // n-grams of the text as written
	chConcept        // concepts of the pack's lexicon
	channels
)

// message is one text prepared for every later step.
type message struct {
	norm    string // normalised, as written
	text    string // the same with romaji turned into hiragana
	kana    string // readings of all clauses, "|" between
	script  string
	census  census
	clauses []clause
}

// clause is a part of a message that speaks of one thing.
type clause struct {
	text  string
	kana  string // reading: hiragana and unread kanji; no blanks, no Latin; "|" at breaks
	words []word
	stems []string // of English words, in order
	plain []string // Vietnamese words without their marks, in order
}

// prepare reads a raw text.
func (a *analyser) prepare(raw string) message {
	m := message{norm: normalise(raw)}
	m.text = m.norm
	m.census = count(m.norm)
	m.script = m.census.script()
	if m.census.romaji > 0 && (m.script == scriptRomaji || m.script == scriptJapanese || m.script == scriptKana) {
		m.text = romajiText(m.norm, m.script == scriptRomaji)
	}
	// "I need help with 住民票" has words to read as well.
	japanese := m.script != scriptChinese && m.census.kana+m.census.han > 0 || m.script == scriptRomaji
	var kana strings.Builder
	for _, text := range clauses(m.text) {
		c := clause{text: text}
		if japanese {
			c.words = a.reader.read(text)
			c.kana = kanaOf(c.words)
		}
		if m.census.latin > 0 {
			c.stems = stems(text)
		}
		if m.script == scriptVietnam {
			c.plain = plainWords(text)
		}
		if kana.Len() > 0 {
			kana.WriteByte('|')
		}
		kana.WriteString(c.kana)
		m.clauses = append(m.clauses, c)
	}
	m.kana = kana.String()
	return m
}

// Reading is how a Japanese text sounds, in hiragana without long-vowel signs:
// of kanji, kana and romaji alike. "|" stands for signs; other languages and
// kanji nobody can read are left out or left as they are.
func (m *Model) Reading(text string) string {
	msg := m.prepare(bound(text))
	return msg.kana
}

// kanaOf joins the readings of words. Signs become breaks, runs of digits "0".
func kanaOf(words []word) string {
	var b strings.Builder
	var last rune
	for _, w := range words {
		for _, r := range w.kana {
			switch {
			case isKana(r):
				if r == 'ー' {
					continue
				}
				r = foldKana(r)
			case isHan(r):
			case r >= '0' && r <= '9':
				r = '0'
				if last == '0' {
					continue
				}
			case isLatin(r):
				continue
			default:
				r = '|'
				if last == '|' || last == 0 {
					continue
				}
			}
			b.WriteRune(r)
			last = r
		}
	}
	return strings.TrimRight(b.String(), "|")
}

// latinWords are the words of a text in Latin letters.
func latinWords(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 0; i < len(s); {
			j := latinEnd(s, i)
			if j == i {
				_, n := utf8.DecodeRuneInString(s[i:])
				i += n
				continue
			}
			if !yield(s[i:j]) {
				return
			}
			i = j
		}
	}
}

// longestWord is how long a word is looked at, in bytes.
const longestWord = 32

// stems are the snowball stems of the words in Latin letters.
func stems(s string) []string {
	var out []string
	for w := range latinWords(s) {
		if w = strings.ReplaceAll(w, "'", ""); len(w) <= longestWord {
			out = append(out, english.Stem(w, true))
		}
	}
	return out
}

// plainWords are the words in Latin letters without their marks: many people
// type Vietnamese so, and both ways of typing are to meet.
func plainWords(s string) []string {
	var out []string
	for w := range latinWords(s) {
		if len(w) <= longestWord {
			out = append(out, foldMarks(w))
		}
	}
	return out
}

// notPlain leaves out what could be Vietnamese without marks: "can", "on" and
// "the" of a Vietnamese message are not the English words.
func notPlain(words []string) []string {
	var out []string
	for _, w := range words {
		if !vietnameseSyllable(w) {
			out = append(out, w)
		}
	}
	return out
}

// key is a hashed feature.
type key struct {
	hash uint32
	ch   uint8
}

const (
	hashBasis = 14695981039346656037
	hashPrime = 1099511628211
)

// mix folds one value into a running FNV-1a-like hash.
func mix(h uint64, v uint64) uint64 {
	h ^= v
	h *= hashPrime
	return h ^ h>>29
}

func fold(h uint64) uint32 {
	h ^= h >> 32
	h *= 0x9e3779b97f4a7c15
	return uint32(h >> 32)
}

func hashString(h uint64, s string) uint64 {
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * hashPrime
	}
	return h ^ h>>29
}

// seed separates channels and shapes of features.
func seed(ch, shape int) uint64 { return mix(hashBasis, uint64(ch*16+shape+1)) }

// appendKeys adds the features of one clause.
func (a *analyser) appendKeys(keys []key, c *clause) []key {
	keys = ngrams(keys, c.kana, chReading, a.readingMin, a.readingMax, true)
	keys = ngrams(keys, c.text, chChar, 1, a.charMax, false)
	keys = wordKeys(keys, c.words)
	if c.plain == nil {
		keys = stemKeys(keys, c.stems, 0)
	} else {
		keys = stemKeys(keys, notPlain(c.stems), 0)
		keys = stemKeys(keys, c.plain, 2)
	}
	return a.conceptKeys(keys, c)
}

// conceptKeys adds the concepts of the lexicon a clause speaks of.
func (a *analyser) conceptKeys(keys []key, c *clause) []key {
	if a.lexicon == nil {
		return keys
	}
	a.lexicon.each(c, func(id int) {
		keys = append(keys, key{fold(mix(seed(chConcept, 0), uint64(id))), chConcept})
	})
	return keys
}

// ngrams adds the character n-grams of s. Those of the reading do not cross
// breaks; those of the raw text treat blanks as any other character.
func ngrams(keys []key, s string, ch, low, high int, breaks bool) []key {
	var ring [8]uint64
	base := seed(ch, 0)
	n := 0
	for _, r := range s {
		if breaks && r == '|' {
			n = 0
			continue
		}
		if r >= '0' && r <= '9' {
			r = '0'
		}
		// ring[k] holds the hash of the n-gram of length k+1 ending here.
		for k := min(n, high-1); k > 0; k-- {
			ring[k] = mix(ring[k-1], uint64(r))
		}
		ring[0] = mix(base, uint64(r))
		n++
		for k := low; k <= min(n, high); k++ {
			keys = append(keys, key{fold(ring[k-1]), uint8(ch)})
		}
	}
	return keys
}

func wordKeys(keys []key, words []word) []key {
	one, two := seed(chWord, 0), seed(chWord, 1)
	var before [2]uint64
	n := 0
	for i := range words {
		if !words[i].content {
			continue
		}
		h := hashString(one, words[i].base)
		keys = append(keys, key{fold(h), chWord})
		for k := 0; k < min(n, 2); k++ {
			keys = append(keys, key{fold(mix(mix(two, before[k]), h)), chWord})
		}
		before[1], before[0] = before[0], h
		n++
	}
	return keys
}

// stemKeys adds words alone, as one shape, and in pairs, as the next.
func stemKeys(keys []key, stems []string, shape int) []key {
	one, two := seed(chEnglish, shape), seed(chEnglish, shape+1)
	var before [2]uint64
	for i, s := range stems {
		h := hashString(one, s)
		keys = append(keys, key{fold(h), chEnglish})
		for k := 0; k < min(i, 2); k++ {
			keys = append(keys, key{fold(mix(mix(two, before[k]), h)), chEnglish})
		}
		before[1], before[0] = before[0], h
	}
	return keys
}

// analyser is what turns text into features: the tokenizer and the shape of
// the channels.
type analyser struct {
	reader     *reader
	readingMin int
	readingMax int
	charMax    int
	lexicon    *conceptBook // nil without concepts
}

func newAnalyser() (*analyser, error) {
	r, err := newReader()
	if err != nil {
		return nil, err
	}
	return &analyser{reader: r, readingMin: 2, readingMax: 4, charMax: 3}, nil
}
