package faq

import (
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// eachGram calls f with the characters of s, katakana folded, singly and in
// pairs. Signs and blanks are breaks.
func eachGram(s string, f func(gram string)) {
	s = understand.Hiragana(s)
	last := -1
	for i, r := range s {
		if !gramRune(r) {
			last = -1
			continue
		}
		end := i + len(string(r))
		f(s[i:end])
		if last >= 0 {
			f(s[last:end])
		}
		last = i
	}
}

func gramRune(r rune) bool {
	return isHiragana(r) || isHan(r) || r >= '0' && r <= '9' || r >= 'a' && r <= 'z'
}

// eachThree calls f with the readings of words by threes.
func eachThree(words []word, f func(gram string)) {
	var run []rune
	flush := func() {
		for i := 0; i+3 <= len(run); i++ {
			f(string(run[i : i+3]))
		}
		run = run[:0]
	}
	for _, w := range words {
		if !wordy(w.surface) {
			flush()
			continue
		}
		for _, r := range w.kana {
			if r != 'ー' {
				run = append(run, r)
			}
		}
	}
	flush()
}

// marked returns the text of a query with everything blanked that is not part
// of a word that counts.
func marked(words []word) string {
	var b strings.Builder
	for _, w := range words {
		if w.content {
			b.WriteString(w.surface)
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String()
}
