package bot

import (
	"strings"
	"testing"
)

// TestPhrasesByTheirSound: what nobody listed as written is found as it is
// said, unless it is short or sounds like two things.
func TestPhrasesByTheirSound(t *testing.T) {
	t.Parallel()
	says := []Saying{
		{Means: "status", Texts: []string{"今どうなっていますか"}},
		{Means: "lang:ja-easy", Texts: []string{"平仮名で"}},
		{Means: "yes", Texts: []string{"はい"}},
		{Means: "help", Texts: []string{"使い方は"}},
		{Means: "stop", Texts: []string{"遣い方は"}},
	}
	read := strings.NewReplacer("今", "いま", "平仮名", "ひらがな", "灰", "はい", "使い方", "つかいかた", "遣い方", "つかいかた", "、", "|", "？", "|").Replace
	p := newPhrases(says, read)
	for text, want := range map[string]string{
		"今どうなっていますか": "status", "いま、どうなってますか？": "status", "ひらがなで": "lang",
		"はい": "yes", "灰": "", "つかいかたは": "", "使い方は": "help", "どうなってもいい": "",
		strings.Repeat("今どうなっていますか", 20): "",
	} {
		verb, _, ok := p.meant(text)
		if verb != want || ok != (want != "") {
			t.Errorf("%q means %q, %v; want %q", text, verb, ok, want)
		}
	}
	if verb, _, ok := newPhrases(says, nil).meant("いまどうなってますか"); ok {
		t.Errorf("without a reader: %q", verb)
	}
}

// TestWithoutFillers: what only begins to speak is left out, and nothing else.
func TestWithoutFillers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"あの、返事まだですか":          "返事まだですか",
		"すみません、今どうなってますか":     "今どうなってますか",
		"えっと、人と話したい":          "人と話したい",
		"あのう…すいません、えっと、はい":    "はい",
		"Excuse me, any news": "any news",
		"xin lỗi, không":      "không",
		"请问，还没回复吗":            "还没回复吗",
		"저기요, 답장은요":           "답장은요",
		"あの":                  "あの",
		"すみません":               "すみません",
		"返事まだですか":             "返事まだですか",
		"excuse mean people":  "excuse mean people",
		"もう、いいです":             "もう、いいです",
	} {
		if got := withoutFillers(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
