package plain

import (
	"github.com/ikawaha/kagome/v2/tokenizer"
)

// token is one word of a bare text.
type token struct {
	start, end int // runes of the bare text
	surface    string
	base       string // dictionary form
	kana       string // reading in hiragana; empty if the dictionary has none
	pos, sub   string // part of speech and its first division, IPA names
	form       string // inflected form, IPA name
	person     bool   // somebody's name
	blank      bool
}

// longestPiece bounds what is cut into words at once, in runes: the
// tokenizer's cost grows faster than its input.
const longestPiece = 200

// tokens cuts the whole bare text into words. The dictionary is the one the
// understanding uses; kagome keeps it once in the process.
func (p *Plain) tokens(text []rune) []token {
	var out []token
	for start := 0; start < len(text); {
		end := start
		for end < len(text) && end-start < longestPiece {
			r := text[end]
			end++
			if r == '\n' || r == '。' {
				break
			}
		}
		out = p.piece(out, text, start, end)
		start = end
	}
	return out
}

func (p *Plain) piece(out []token, text []rune, start, end int) []token {
	for _, t := range p.words.Tokenize(string(text[start:end])) {
		w := token{start: start + t.Start, end: start + t.End, surface: t.Surface, base: t.Surface}
		pos := t.POS()
		if len(pos) > 0 {
			w.pos = pos[0]
		}
		if len(pos) > 1 {
			w.sub = pos[1]
		}
		w.person = len(pos) > 2 && pos[2] == "人名"
		if t.Class == tokenizer.KNOWN {
			if base, ok := t.BaseForm(); ok && base != "*" {
				w.base = base
			}
			if kana, ok := t.Reading(); ok && isKanaReading([]rune(hiragana(kana))) {
				w.kana = hiragana(kana)
			}
			if form, ok := t.InflectionalForm(); ok {
				w.form = form
			}
		}
		w.blank = true
		for _, r := range t.Surface {
			if !isBlank(r) && r != '\n' {
				w.blank = false
				break
			}
		}
		out = append(out, w)
	}
	return out
}
