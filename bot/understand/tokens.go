package understand

import (
	"strings"

	"github.com/ikawaha/kagome-dict/ipa"
	"github.com/ikawaha/kagome/v2/tokenizer"
)

// word is one word of Japanese text.
type word struct {
	surface  string
	base     string // dictionary form
	kana     string // reading of the surface in hiragana; the surface if unknown
	content  bool   // noun, verb, adjective, adverb, interjection
	particle bool
}

// reader cuts normalised text into words.
type reader struct {
	t *tokenizer.Tokenizer
}

// Prepare reads the dictionary that every model needs, once: half of what
// opening the first model takes. Whoever opens one soon may call it meanwhile.
func Prepare() { ipa.Dict() }

func newReader() (*reader, error) {
	t, err := tokenizer.New(ipa.Dict(), tokenizer.OmitBosEos())
	if err != nil {
		return nil, err
	}
	return &reader{t}, nil
}

func (r *reader) read(s string) []word {
	tokens := r.t.Tokenize(s)
	words := make([]word, 0, len(tokens))
	for _, t := range tokens {
		if strings.TrimSpace(t.Surface) == "" {
			continue
		}
		w := word{surface: t.Surface, base: t.Surface, kana: hiragana(t.Surface)}
		pos := t.POS()
		if t.Class == tokenizer.KNOWN {
			if b, ok := t.BaseForm(); ok && b != "*" {
				w.base = b
			}
			if k, ok := t.Reading(); ok && k != "*" {
				w.kana = hiragana(k)
			}
		}
		w.content = isContent(pos)
		w.particle = len(pos) > 0 && pos[0] == "助詞"
		words = append(words, w)
	}
	return words
}

func isContent(pos []string) bool {
	if len(pos) == 0 {
		return false
	}
	switch pos[0] {
	case "名詞":
		return len(pos) < 2 || pos[1] != "非自立"
	case "動詞", "形容詞":
		return len(pos) < 2 || pos[1] == "自立"
	case "副詞", "感動詞", "接頭詞":
		return true
	}
	return false
}
