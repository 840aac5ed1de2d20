package bot

import "unicode"

// unread is the room for writing nobody here reads (ネパールの文字, ไทย): say
// so in English and in easy Japanese, and offer the languages there are, and
// people. A guess at the meaning would be worse.
func (t *turn) unread(h heard) bool {
	if !foreignLetters(h.text) {
		return false
	}
	t.show(Text{Text: t.c.Reply(En, "language.unread") + "\n\n" + t.c.Reply(EasyJa, "language.unread")})
	t.choices(t.languages()...)
	t.choices(t.choice("choice.human", "human"))
	t.count("unread", "")
	return true
}

// foreignLetters reports a text most of whose letters are of scripts none of
// the pack's languages is written in.
func foreignLetters(text string) bool {
	known, other := 0, 0
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Mc, r):
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Latin, unicode.Common, unicode.Inherited):
			known++
		default:
			other++
		}
	}
	return other >= 3 && other > known
}
