package understand

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ikawaha/kagome/v2/tokenizer"
	"golang.org/x/text/unicode/norm"
)

// What stands in a text for what was taken out of it.
const (
	maskName    = "〔名前〕"
	maskPhone   = "〔電話〕"
	maskMail    = "〔メール〕"
	maskLink    = "〔リンク〕"
	maskAddress = "〔番地〕"
	maskNumber  = "〔番号〕"
	maskBirth   = "〔日付〕"
)

// masks are what can be told by its shape, in the order they are looked for.
var masks = []struct {
	shape *regexp.Regexp
	mask  string
}{
	{regexp.MustCompile(`https?://[^\s　、。]+`), maskLink},
	{regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`), maskMail},
	{regexp.MustCompile(`(?:\+81[-\s]?|\b0)\d{1,4}[-\s(]?\d{1,4}[-\s)]?\d{3,4}\b`), maskPhone},
	{regexp.MustCompile(`〒?\b\d{3}-\d{4}\b`), maskAddress},
	{regexp.MustCompile(`\d+(?:丁目)\d+(?:番地?|-)?(?:の?\d+)?号?(?:-\d+)*`), maskAddress},
	{regexp.MustCompile(`\d+番地?(?:の?\d+)?号?|\b\d{1,4}-\d{1,4}(?:-\d{1,4})+|\d{2,4}号室`), maskAddress},
	{regexp.MustCompile(`(?:(?:明治|大正|昭和|平成|令和)\s?(?:\d{1,2}|元)|(?:19|20)\d{2})年\s?\d{1,2}月\s?\d{1,2}日`), maskBirth},
	{regexp.MustCompile(`\b\d[\d-]{5,}\d\b`), maskNumber},
	{regexp.MustCompile(`(?i)\b(?:my name is|i am called|mr\.?|mrs\.?|ms\.?|dr\.?)\s+[A-Z][a-z]+(?:\s+[A-Z][a-z]+)?`), maskName},
}

// titles follow a person's name.
var titles = []string{"さん", "様", "さま", "くん", "君", "ちゃん", "氏", "先生"}

// Redact takes out of a text what could tell who somebody is: names, telephone
// numbers, addresses below the 町, mail addresses, links, long numbers, dates
// of birth. What happened stays readable. Names written in hiragana without a
// title and nicknames are not found: a person must still read what is kept.
// The result is NFKC text.
func (m *Model) Redact(text string) string {
	text = norm.NFKC.String(bound(strings.ToValidUTF8(text, " ")))
	for _, k := range masks {
		text = k.shape.ReplaceAllString(text, k.mask)
	}
	var b strings.Builder
	for line := range strings.SplitAfterSeq(text, "\n") {
		m.maskNames(&b, line)
	}
	return b.String()
}

// maskNames writes a line with its people's names masked.
func (m *Model) maskNames(b *strings.Builder, line string) {
	for rest := line; rest != ""; {
		// The tokenizer's cost grows faster than its input.
		piece := rest
		if len(piece) > 900 {
			piece = string([]rune(piece)[:300])
		}
		rest = rest[len(piece):]
		tokens := m.reader.t.Tokenize(piece)
		masked := false
		for i, t := range tokens {
			name := isName(tokens, i)
			if name && !masked {
				b.WriteString(maskName)
			}
			if !name {
				b.WriteString(t.Surface)
			}
			masked = name
		}
	}
}

// isName tells a person's name: one the dictionary has as such, or anything
// but a relation or a trade before a title.
func isName(tokens []tokenizer.Token, i int) bool {
	t := tokens[i]
	pos := t.POS()
	if len(pos) > 2 && pos[0] == "名詞" && pos[1] == "固有名詞" && pos[2] == "人名" {
		return true
	}
	if i+1 >= len(tokens) || !slices.Contains(titles, tokens[i+1].Surface) {
		return false
	}
	if t.Class == tokenizer.UNKNOWN {
		return !strings.HasPrefix(t.Surface, "〔")
	}
	return len(pos) > 1 && pos[0] == "名詞" && pos[1] == "固有名詞"
}
