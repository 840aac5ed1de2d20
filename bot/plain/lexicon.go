package plain

import (
	"fmt"
	"strings"
)

// rows reads a file of tab-separated columns: comments with #, blank lines and
// a header line skipped. Errors name the file and the line.
func rows(name string, data []byte, least int, header string, each func(line int, cols []string) error) error {
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimRight(line, "\r")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cols := strings.Split(line, "\t")
		if cols[0] == header {
			continue
		}
		if len(cols) < least {
			return fmt.Errorf("%s:%d: %d columns, want at least %d, with tabs between", name, i+1, len(cols), least)
		}
		for len(cols) < least+3 {
			cols = append(cols, "")
		}
		if err := each(i+1, cols); err != nil {
			return fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return nil
}

// entry is one line of readings.tsv.
type entry struct {
	kana   []string // the first is given, all are accepted
	unsure bool     // none is given: the sense decides
}

// lexicon holds readings kept by hand; they go before the dictionary's.
type lexicon struct {
	words    map[string]entry
	suffixes map[string]entry // -票: only right after kanji
	longest  int              // runes of the longest word
}

// parseReadings reads readings.tsv: word, reading, note. Several readings are
// parted by |; a ? before them means that none may be given by a program.
func parseReadings(data []byte) (*lexicon, error) {
	l := &lexicon{words: map[string]entry{}, suffixes: map[string]entry{}}
	err := rows("readings.tsv", data, 2, "word", func(_ int, cols []string) error {
		word, kana := cols[0], cols[1]
		e := entry{unsure: strings.HasPrefix(kana, "?")}
		e.kana = strings.Split(strings.TrimPrefix(kana, "?"), "|")
		for _, k := range e.kana {
			if !isKanaReading([]rune(k)) {
				return fmt.Errorf("reading %q of %s is not hiragana", k, word)
			}
		}
		set := l.words
		if suffix, ok := strings.CutPrefix(word, "-"); ok {
			set, word = l.suffixes, suffix
		}
		if !hasHan(word) {
			return fmt.Errorf("%s has no kanji", word)
		}
		if _, ok := set[word]; ok {
			return fmt.Errorf("%s stands here twice", word)
		}
		if !e.unsure && len(align([]rune(word), e.kana[0])) == 0 {
			return fmt.Errorf("%s cannot be read %s: the kana of the word do not fit", word, e.kana[0])
		}
		set[word] = e
		l.longest = max(l.longest, len([]rune(word)))
		return nil
	})
	return l, err
}

// align lays a reading over a word: each run of kanji gets its kana. Nothing
// when it does not fit, or fits in two ways.
func align(word []rune, kana string) []ruby {
	found := 0
	var best []ruby
	var walk func(i int, rest []rune, got []ruby)
	walk = func(i int, rest []rune, got []ruby) {
		if found > 1 {
			return
		}
		if i == len(word) {
			if len(rest) == 0 {
				found++
				best = append([]ruby(nil), got...)
			}
			return
		}
		if !isHan(word[i]) {
			if len(rest) > 0 && (rest[0] == word[i] || hiragana(string(word[i])) == string(rest[0])) {
				walk(i+1, rest[1:], got)
			}
			return
		}
		end := i
		for end < len(word) && isHan(word[end]) {
			end++
		}
		for n := 1; n <= len(rest); n++ {
			walk(end, rest[n:], append(got, ruby{start: i, end: end, kana: string(rest[:n]), sure: true}))
		}
	}
	if len(word) > 40 || len(kana) > 300 {
		return nil
	}
	walk(0, []rune(kana), nil)
	if found != 1 {
		return nil
	}
	return best
}
