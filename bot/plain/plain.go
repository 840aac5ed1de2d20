package plain

import (
	"fmt"

	"github.com/ikawaha/kagome-dict/ipa"
	"github.com/ikawaha/kagome/v2/tokenizer"
)

// Config is what the content pack keeps, each the bytes of a file in
// intents/plain. All are required.
type Config struct {
	HardWords []byte // hard-words.tsv: word, easy, level, how to put it in place
	WordLists []byte // words.tsv: rule, word, easier
	Readings  []byte // readings.tsv: word, reading, note
	Grades    []byte // kanji-grades.tsv: school year, kanji
}

// Plain checks, reads and mends. It is safe for several goroutines at once.
type Plain struct {
	words   *tokenizer.Tokenizer
	numbers *numbers
	lexicon *lexicon
	grades  map[rune]int
	lists   *wordLists
	rules   patterns
}

// New reads the lists. The dictionary of the tokenizer is loaded once in the
// process, whoever asks first (0.7 s, 90 MB).
func New(c Config) (*Plain, error) {
	p := &Plain{numbers: newNumbers(), grades: map[rune]int{}, rules: newPatterns()}
	var err error
	if p.lexicon, err = parseReadings(c.Readings); err != nil {
		return nil, fmt.Errorf("read readings: %w", err)
	}
	if p.lists, err = parseLists(c.HardWords, c.WordLists); err != nil {
		return nil, fmt.Errorf("read word lists: %w", err)
	}
	if err = p.parseGrades(c.Grades); err != nil {
		return nil, fmt.Errorf("read school grades: %w", err)
	}
	if p.words, err = tokenizer.New(ipa.Dict(), tokenizer.OmitBosEos()); err != nil {
		return nil, fmt.Errorf("open the dictionary: %w", err)
	}
	return p, nil
}

func (p *Plain) parseGrades(data []byte) error {
	return rows("kanji-grades.tsv", data, 2, "grade", func(_ int, cols []string) error {
		if len(cols[0]) != 1 || cols[0] < "1" || cols[0] > "6" {
			return fmt.Errorf("grade %q is not 1 to 6", cols[0])
		}
		for _, r := range cols[1] {
			p.grades[r] = int(cols[0][0] - '0')
		}
		return nil
	})
}

// Grade returns the school year in which a kanji is learned, 1 to 6; 7 for
// those learned later or never.
func (p *Plain) Grade(r rune) int {
	if g, ok := p.grades[r]; ok {
		return g
	}
	return 7
}
