package plain

import "strings"

// morae counts the beats of runes [start,end): every kana one, small ゃゅょ and
// the small vowels none, っ and ー one. Kanji count by their furigana; without
// it, two each (our choice). A digit counts two, a Latin letter two in
// capitals (ディー), a word of small letters one each; LINE is ライン.
func (b *bare) morae(start, end int, text []rune) int {
	n := 0
	for i := start; i < end; i++ {
		if r, ok := b.reading(i); ok {
			if r.start == i || i == start {
				n += kanaMorae(r.kana)
			}
			i = r.end - 1
			continue
		}
		switch r := text[i]; {
		case r == masked:
		case r == '{':
			n += placeholderLength
			for i < end && text[i] != '}' {
				i++
			}
		case isHan(r), isDigit(r), r >= 'A' && r <= 'Z':
			if strings.HasPrefix(string(text[i:min(end, i+4)]), "LINE") {
				n += len([]rune("ライン"))
				i += 3
				continue
			}
			n += 2
		case r >= 'a' && r <= 'z':
			n++
		case isHiragana(r), isKatakana(r), r == 'ー':
			n += kanaMorae(string(r))
		}
	}
	return n
}

func kanaMorae(s string) int {
	if strings.HasPrefix(s, "{") {
		return placeholderLength
	}
	n := 0
	for _, r := range s {
		if !strings.ContainsRune("ゃゅょぁぃぅぇぉゎャュョァィゥェォヮ", r) {
			n++
		}
	}
	return n
}
