package faq

import (
	"regexp"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// IsQuestion reports whether a text asks something rather than tells what
// happened: "〜ですか", "〜とは", "教えて", "どこ", "what is", a question mark.
func IsQuestion(text string) bool {
	t := understand.ReadText(text)
	s := strings.TrimSpace(t.Kana)
	if strings.ContainsAny(s, "?") {
		return true
	}
	for _, mark := range []string{"教えて", "おしえて", "知りたい", "しりたい", "ですか", "ますか", "でしょうか", "ませんか", "とは", "って何", "ってなに",
		"どこ", "いつ", "だれ", "誰", "何を", "なにを", "何です", "なんです", "どう", "どれ", "いくら", "何日", "なんにち", "なぜ", "のか"} {
		if strings.Contains(s, mark) {
			return true
		}
	}
	return englishQuestion(t.Norm)
}

// asksMeaning reports a question after the meaning of one thing: "〜とは", "〜って
// 何ですか". One word is enough to find its answer.
func asksMeaning(norm string) bool {
	for _, mark := range []string{"とは", "って何", "ってなに", "ってなん", "は何です", "はなんです", "は なに", "は 何", "どういう", "どんな", "何の電話", "なんの でんわ", "なんのでんわ", "何です", "なんです", "what is", "what are", "what does"} {
		if strings.Contains(norm, mark) {
			return true
		}
	}
	return false
}

func englishQuestion(s string) bool {
	first, _, _ := strings.Cut(s, " ")
	switch first {
	case "what", "who", "where", "when", "how", "which", "why", "can", "could", "may", "must", "do", "does", "is", "are", "will", "should":
		return true
	}
	return strings.Contains(s, "what is") || strings.Contains(s, "how do i") || strings.Contains(s, "tell me")
}

// WithoutFurigana takes the readings in 漢字（かんじ） and the blanks between
// phrases out of easy Japanese, so that its words can be searched.
func WithoutFurigana(s string) string {
	if !strings.ContainsFunc(s, isHiraganaRune) {
		return s
	}
	return strings.ReplaceAll(furigana.ReplaceAllString(s, "$1"), " ", "")
}

var furigana = regexp.MustCompile(`([\p{Han}々]+)（[ぁ-ゖー]+）`)

func isHiraganaRune(r rune) bool { return isHiragana(r) }
