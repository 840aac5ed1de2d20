package plain

import (
	"fmt"
	"strings"
)

// hardWord is one line of hard-words.tsv.
type hardWord struct {
	easy  string
	level int
	mend  string // "", "=", "する5" or "する1"
}

// wordLists are the words of the rules.
type wordLists struct {
	hard    map[string]hardWord
	byRule  map[string]map[string]string
	longest map[string]int // runes of the longest word of a rule
}

// The hard words' rule, and the words that are fine though a hard word stands
// in them (救急車).
const (
	hardRule = "R12"
	fineRule = "R12ok"
)

func (l *wordLists) add(rule, word, instead string) error {
	if l.byRule[rule] == nil {
		l.byRule[rule] = map[string]string{}
	}
	if _, ok := l.byRule[rule][word]; ok {
		return fmt.Errorf("%s stands under %s twice", word, rule)
	}
	l.byRule[rule][word] = instead
	l.longest[rule] = max(l.longest[rule], len([]rune(word)))
	return nil
}

func parseLists(hard, words []byte) (*wordLists, error) {
	l := &wordLists{hard: map[string]hardWord{}, byRule: map[string]map[string]string{}, longest: map[string]int{}}
	err := rows("hard-words.tsv", hard, 3, "word", func(_ int, cols []string) error {
		if len(cols[2]) != 1 || cols[2] < "1" || cols[2] > "3" {
			return fmt.Errorf("level %q of %s is not 1, 2 or 3", cols[2], cols[0])
		}
		switch cols[3] {
		case "", "=", "する5", "する1":
		default:
			return fmt.Errorf("%q of %s is no way to mend: =, する5, する1 or nothing", cols[3], cols[0])
		}
		l.hard[cols[0]] = hardWord{cols[1], int(cols[2][0] - '0'), cols[3]}
		return l.add(hardRule, cols[0], cols[1])
	})
	if err != nil {
		return nil, err
	}
	err = rows("words.tsv", words, 2, "rule", func(_ int, cols []string) error {
		if !strings.HasPrefix(cols[0], "R") || cols[0] == hardRule {
			return fmt.Errorf("%q is no rule with words here", cols[0])
		}
		return l.add(cols[0], strings.ReplaceAll(cols[1], " ", ""), cols[2])
	})
	return l, err
}

// match is a word of a list in a sentence: runes of the squeezed sentence.
type match struct {
	start, end    int
	word, instead string
}

// find returns the words of a rule in a sentence, the longest at each place.
func (l *wordLists) find(rule string, rs []rune) []match {
	var out []match
	words := l.byRule[rule]
	for i := 0; i < len(rs); {
		n := min(l.longest[rule], len(rs)-i)
		for ; n > 0; n-- {
			if instead, ok := words[string(rs[i:i+n])]; ok {
				out = append(out, match{i, i + n, string(rs[i : i+n]), instead})
				break
			}
		}
		i += max(n, 1)
	}
	return out
}
