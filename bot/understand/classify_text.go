package understand

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
)

// The channels a classifier's features come from. Each is brought to unit
// length, so that one with many features does not drown one with few.
const (
	labelWord    = iota // words as written, single and in pairs, with the ends of the text
	labelStem           // English stems, single, in pairs and skipping up to two words
	labelLetter         // n-grams of letters inside words
	labelReading        // of Japanese: n-grams of the reading
	labelBase           // of Japanese: base forms, single and in pairs
	labelChannels
)

// Shape of the channels. Longer n-grams, n-grams across words, words in
// threes and other weights of the channels changed nothing that lasted
// (docs/understanding-classify.md).
const (
	labelSkip      = 2
	labelLetterMin = 2
	labelLetterMax = 4
	labelIDFPower  = 0.75 // between counting rare features as others and idf itself
)

// labelText turns texts of a labelled set into features. It reads more of a
// text than the model of windows does (order, function words, letters inside
// words), because a stranger's set brings no lexicon and often few examples.
type labelText struct {
	japanese *analyser // nil for sets without Japanese
}

// newLabelText loads the Japanese dictionary for sets of which one text in
// fifty or more has kana.
func newLabelText(set []Labelled) (*labelText, error) {
	kana := 0
	for _, l := range set {
		if strings.ContainsFunc(l.Text, isKana) {
			kana++
		}
	}
	if kana*50 <= len(set) {
		return &labelText{}, nil
	}
	a, err := newAnalyser()
	if err != nil {
		return nil, err
	}
	return &labelText{a}, nil
}

// readText is one text made ready.
type readText struct {
	keys  []key    // features
	terms []uint64 // words whose being there or not tells what a text is about
}

// read adds the features and terms of a text to those of dst, emptied.
func (t *labelText) read(dst readText, text string) readText {
	dst.keys, dst.terms = dst.keys[:0], dst.terms[:0]
	words := labelTokens(normalise(text))
	dst.keys = appendWordKeys(dst.keys, words)
	for _, w := range words {
		dst.keys = ngrams(dst.keys, " "+w+" ", labelLetter, labelLetterMin, labelLetterMax, false)
	}
	for i, w := range words {
		if len(w) <= 32 {
			words[i] = english.Stem(w, true)
		}
	}
	dst.keys = appendStemKeys(dst.keys, words)
	if t.japanese != nil && t.readJapanese(&dst, text) {
		return dst
	}
	for _, w := range words {
		dst.terms = appendTerms(dst.terms, w)
	}
	return dst
}

// readJapanese adds what only Japanese has; false when there is no Japanese.
func (t *labelText) readJapanese(dst *readText, text string) bool {
	msg := t.japanese.prepare(text)
	found := false
	for i := range msg.clauses {
		c := &msg.clauses[i]
		if c.kana == "" {
			continue
		}
		dst.keys = ngrams(dst.keys, c.kana, labelReading, t.japanese.readingMin, t.japanese.readingMax, true)
		from := len(dst.keys)
		dst.keys = wordKeys(dst.keys, c.words)
		for k := from; k < len(dst.keys); k++ {
			dst.keys[k].ch = labelBase
		}
		for k := range c.words {
			if c.words[k].content {
				dst.terms = append(dst.terms, hashString(seed(labelBase, 3), c.words[k].base))
				found = true
			}
		}
	}
	return found
}

// labelTokens are the words of normalised text: runs of letters, digits and
// apostrophes, and signs that mean something one by one. Numbers keep only
// their length.
func labelTokens(s string) []string {
	var out []string
	start := -1
	flush := func(end int) {
		if start >= 0 {
			w := strings.Trim(s[start:end], "'")
			if len(w) > 1 && strings.IndexFunc(w, func(r rune) bool { return !unicode.IsDigit(r) }) < 0 {
				w = "00000"[:min(len(w), 5)]
			}
			if w != "" {
				out = append(out, w)
			}
			start = -1
		}
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '\'' && start >= 0:
			if start < 0 {
				start = i
			}
		default:
			flush(i)
			if strings.ContainsRune("?!$%&@#", r) {
				out = append(out, string(r))
			}
		}
	}
	flush(len(s))
	return out
}

func appendWordKeys(keys []key, words []string) []key {
	one, two := seed(labelWord, 2), seed(labelWord, 3)
	before := hashString(one, "^")
	for _, w := range words {
		h := hashString(one, w)
		keys = append(keys, key{fold(h), labelWord}, key{fold(mix(mix(two, before), h)), labelWord})
		before = h
	}
	return append(keys, key{fold(mix(mix(two, before), hashString(one, "$"))), labelWord})
}

func appendStemKeys(keys []key, stems []string) []key {
	one, two := seed(labelStem, 4), seed(labelStem, 5)
	var before [labelSkip + 1]uint64
	for i, s := range stems {
		h := hashString(one, s)
		keys = append(keys, key{fold(h), labelStem})
		for k := range min(i, len(before)) {
			keys = append(keys, key{fold(mix(mix(two, before[k]), h)), labelStem})
		}
		copy(before[1:], before[:])
		before[0] = h
	}
	return keys
}

// appendTerms adds a stem or, where words are not divided by blanks, the pairs
// of neighbouring signs.
func appendTerms(dst []uint64, stem string) []uint64 {
	base := seed(labelStem, 6)
	first, _ := utf8.DecodeRuneInString(stem)
	if !undivided(first) || utf8.RuneCountInString(stem) < 3 {
		return append(dst, hashString(base, stem))
	}
	last, before := 0, 0
	for i := range stem {
		if i > 0 && last < i {
			_, n := utf8.DecodeRuneInString(stem[i:])
			dst = append(dst, hashString(base, stem[before:i+n]))
		}
		last, before = i, i
	}
	return dst
}

// undivided says whether a script is written without blanks between words:
// Thai to Khmer, Chinese and Japanese.
func undivided(r rune) bool {
	return r >= 0x0e00 && r <= 0x109f || r >= 0x1780 && r <= 0x17ff || r >= 0x2e80 && r < 0xfb00 && !isHangul(r)
}

// labelSpace knows which features exist in a set and how much each weighs.
type labelSpace struct{ *space }

// mostLabelFeatures bounds the memory of training: four bytes a feature and
// label.
const mostLabelFeatures = 300_000

func learnLabelSpace(texts [][]key) labelSpace {
	s := labelSpace{learnSpace(texts, 1, mostLabelFeatures)}
	for i, v := range s.idf {
		s.idf[i] = float32(math.Pow(float64(v), labelIDFPower))
	}
	return s
}

// vector turns keys into features, each channel as long as the others and the
// whole of unit length.
func (s labelSpace) vector(dst []feature, keys []key, seen *stamps) []feature {
	var sum [labelChannels]float32
	dst = s.known(dst[:0], keys, seen, sum[:])
	used := 0
	for _, x := range sum {
		if x > 0 {
			used++
		}
	}
	for i := range dst {
		dst[i].val /= float32(math.Sqrt(float64(sum[s.chans[dst[i].id]]) * float64(used)))
	}
	return dst
}
