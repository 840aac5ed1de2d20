package plain

import (
	"slices"
	"strings"
)

// Space puts a blank between phrases (分かち書き) where none stands:
// 困っていることを書いてください → 困って いる ことを 書いて ください.
// Particles and endings stay with the word before them. Furigana is kept.
func (p *Plain) Space(text string) string {
	return p.mend(text, func(b *bare) []edit {
		tokens := p.tokens(b.text)
		var out []edit
		for i := 1; i < len(tokens); i++ {
			if p.phraseBegins(tokens, i) {
				out = append(out, edit{tokens[i].start, tokens[i].start, " "})
			}
		}
		return out
	})
}

// phraseBegins tells whether a phrase begins with token i.
func (p *Plain) phraseBegins(tokens []token, i int) bool {
	last, t := tokens[i-1], tokens[i]
	if last.blank || t.blank || last.pos == "記号" || last.pos == "接頭詞" || strings.ContainsAny(last.surface, "{「（(・:/") || strings.ContainsAny(t.surface, "}{") {
		return false
	}
	if strings.HasSuffix(last.surface, "}") {
		return false
	}
	switch t.pos {
	case "名詞":
		return nounBegins(last, t)
	case "動詞":
		if t.sub == "接尾" {
			return false
		}
		if t.base == "する" || t.base == "できる" || t.base == "なさる" || t.base == "いたす" {
			return last.pos != "名詞" || last.sub != "サ変接続" && !isHan([]rune(last.surface)[0])
		}
		if t.sub == "非自立" {
			return last.pos == "助詞"
		}
		return last.pos != "接頭詞" && last.base != "お"
	case "形容詞":
		return t.sub != "接尾" && !slices.Contains([]string{"やすい", "にくい", "づらい", "がたい"}, t.base)
	case "副詞", "連体詞", "接続詞", "感動詞", "接頭詞":
		return true
	}
	return false
}

func nounBegins(last, t token) bool {
	switch {
	case slices.Contains([]string{"以上", "以下", "以内", "未満", "以外", "以降", "以前"}, t.surface), t.sub == "接尾":
		return false
	case t.sub == "非自立":
		return !slices.Contains([]string{"の", "ん", "よう", "そう", "みたい"}, t.surface)
	case t.surface == "ください":
		return true
	case isDigit([]rune(t.surface)[0]) || t.sub == "数":
		return last.pos != "名詞"
	case last.pos != "名詞":
		return true
	case last.sub == "副詞可能":
		return !isHan([]rune(last.surface)[0]) || !isHan([]rune(t.surface)[0]) || slices.Contains([]string{"今日", "明日", "昨日", "今", "毎日", "毎月", "毎週", "昔"}, last.surface)
	}
	return false
}
