package plain

import "strings"

// isHan tells kanji and what is written like them: 々, 〆 and the small ヶ, ヵ of
// counters.
func isHan(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf || r >= 0xf900 && r <= 0xfaff ||
		r >= 0x20000 && r <= 0x2fa1f || r == '々' || r == '〆' || r == 'ヶ' || r == 'ヵ'
}

func isHiragana(r rune) bool { return r >= 0x3041 && r <= 0x3096 }
func isKatakana(r rune) bool { return r >= 0x30a1 && r <= 0x30fa }
func isDigit(r rune) bool    { return r >= '0' && r <= '9' }
func isLatin(r rune) bool    { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func isBlank(r rune) bool    { return r == ' ' || r == '\u3000' || r == '\t' }

// fold brings full-width letters, digits and the signs the rules look for to
// one form, a rune for a rune, so that places stay.
func fold(r rune) rune {
	switch {
	case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ':
		return r - 0xfee0
	case r == '：':
		return ':'
	case r == '～':
		return '〜'
	case r == '／':
		return '/'
	case r == '－', r == '‐', r == '–':
		return '-'
	case r == '\u3000', r == '\t', r == '\u00a0':
		return ' '
	case r == '＃':
		return '#'
	case r == '\r':
		return '\n'
	}
	return r
}

// hiragana turns katakana into hiragana.
func hiragana(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ァ' && r <= 'ヶ' {
			return r - 0x60
		}
		return r
	}, s)
}

func hasHan(s string) bool {
	for _, r := range s {
		if isHan(r) {
			return true
		}
	}
	return false
}

// isSlot tells a placeholder that will hold a reading: 日（{daykana}）. Their
// names end in kana.
func isSlot(rs []rune) bool {
	s := string(rs)
	return strings.HasPrefix(s, "{") && strings.HasSuffix(s, "kana}") && strings.Count(s, "{") == 1
}

// isKanaReading tells whether brackets hold furigana: hiragana and ー only.
func isKanaReading(rs []rune) bool {
	for _, r := range rs {
		if !isHiragana(r) && r != 'ー' {
			return false
		}
	}
	return len(rs) > 0
}
