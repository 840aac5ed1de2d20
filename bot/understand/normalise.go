package understand

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of what is read of one message, in runes. LINE sends at most 5,000
// characters (https://developers.line.biz/en/reference/messaging-api/#wh-text);
// of anything longer the beginning and the end are read, because the sentence
// that matters is often the last one.
const (
	headRunes = 3000
	tailRunes = 2000
)

// normalise brings a message into the one form everything else reads: mended
// UTF-8, NFKC (half-width and full-width meet), lower case, no control,
// zero-width, direction or stacked combining characters, stretched letters
// shortened, kana spelt with spaces between them joined, every kind of white
// space one blank, line breaks kept. Emoji stay.
func normalise(text string) string {
	text = bound(strings.ToValidUTF8(text, " "))
	// U+3099/309A with a blank before them (half-width forms typed apart)
	// join their kana under NFKC.
	text = norm.NFKC.String(text)
	var b strings.Builder
	b.Grow(len(text))
	var last rune
	run := 0
	for _, r := range text {
		r, ok := cleanRune(r)
		if !ok {
			continue
		}
		if r == ' ' && (last == ' ' || last == '\n' || last == 0) {
			continue
		}
		if r == '\n' && (last == '\n' || last == 0) {
			continue
		}
		if r == last {
			run++
			if run >= longestRun(r) {
				continue
			}
		} else {
			run = 0
		}
		b.WriteRune(r)
		last = r
	}
	return strings.TrimSpace(joinSpelt(b.String()))
}

// bound cuts the middle out of texts longer than a LINE message can be.
func bound(text string) string {
	if len(text) <= headRunes+tailRunes {
		return text
	}
	n := utf8.RuneCountInString(text)
	if n <= headRunes+tailRunes {
		return text
	}
	runes := []rune(text)
	return string(runes[:headRunes]) + "\n" + string(runes[n-tailRunes:])
}

// cleanRune maps one rune of NFKC text; false drops it.
func cleanRune(r rune) (rune, bool) {
	switch {
	case r < 0x80:
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A', true
		}
		if r == '\n' {
			return '\n', true
		}
		if r == '\t' || r == '\r' || r == ' ' {
			return ' ', true
		}
		return r, r >= 0x20 && r != 0x7f
	case r >= 0x3041 && r <= 0x30ff, r >= 0x4e00 && r <= 0x9fff:
		return r, true
	case r == '〜', r == '〰', r == '―', r == '─', r == '—':
		return 'ー', true
	case r == '’', r == '‘':
		return '\'', true
	case r == '\u2028', r == '\u2029', r == '\u0085':
		return '\n', true
	case r == '\u200d', r == '\ufe0f', r == utf8.RuneError:
		return 0, false
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.IsControl(r):
		return 0, false
	case unicode.IsSpace(r):
		return ' ', true
	}
	return unicode.ToLower(r), true
}

// longestRun is how often one rune may stand in a row before the rest is taken
// for stretching: "つらーーーい", "!!!!", "soooo".
func longestRun(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return 12
	case r >= 'a' && r <= 'z':
		return 2
	case r == 'ー', r == '!', r == '?', r == '。', r == '、', r == '.', r == '…', r == '・', r == '~', r == 'w', r == '笑':
		return 1
	case r >= 0x3041 && r <= 0x3096, r >= 0x30a1 && r <= 0x30fa, r >= 0x4e00 && r <= 0x9fff:
		return 2
	}
	return 1
}

// joinSpelt joins kana written one by one with blanks between them
// ("た す け て"), which people do to hide a word or by a slip of dictation.
// At least three single kana in a row are needed.
func joinSpelt(s string) string {
	if strings.Count(s, " ") < 2 {
		return s
	}
	parts := strings.Split(s, " ")
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(parts); {
		j := i
		for j < len(parts) && isSingleJapanese(parts[j]) {
			j++
		}
		if j-i >= 3 {
			if i > 0 {
				b.WriteByte(' ')
			}
			for _, p := range parts[i:j] {
				b.WriteString(p)
			}
			i = j
			continue
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(parts[i])
		i++
	}
	return b.String()
}

func isSingleJapanese(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n == len(s) && n > 0 && (isKana(r) || isHan(r))
}

// longestClause bounds a clause, in runes: what people write without a full
// stop is cut at the next blank, or hard at twice the length. The tokenizer's
// cost grows faster than its input.
const longestClause = 100

// clauses splits normalised text where people change the subject: sentence
// ends, line breaks, commas after a while, and where it goes on too long.
// Clauses shorter than four runes stay with the one before.
func clauses(s string) []string {
	var out []string
	start, runes := 0, 0
	flush := func(end int) {
		c := strings.TrimSpace(s[start:end])
		start, runes = end, 0
		if c == "" {
			return
		}
		if len(out) > 0 && utf8.RuneCountInString(c) < 4 {
			out[len(out)-1] += " " + c
			return
		}
		out = append(out, c)
	}
	for i, r := range s {
		runes++
		end := i + utf8.RuneLen(r)
		switch {
		case strings.ContainsRune("。!?\n;…", r),
			strings.ContainsRune("、,", r) && runes > 8,
			r == '.' && strings.HasPrefix(s[end:], " "),
			r == ' ' && runes >= longestClause,
			runes >= 2*longestClause:
			flush(end)
		}
	}
	flush(len(s))
	return out
}

func isKatakana(r rune) bool { return r >= 0x30a1 && r <= 0x30ff }
func isKana(r rune) bool     { return r >= 0x3041 && r <= 0x30ff && r != '・' }
func isHan(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf || r == '々' || r == '〆'
}
func isLatin(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xc0 && r <= 0x24f && r != 0xd7 && r != 0xf7 || r >= 0x1e00 && r <= 0x1eff
}
func isHangul(r rune) bool {
	return r >= 0xac00 && r <= 0xd7a3 || r >= 0x1100 && r <= 0x11ff || r >= 0x3131 && r <= 0x318e
}
