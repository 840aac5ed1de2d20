package faq

import (
	"strings"
	"unicode/utf8"

	"github.com/ikawaha/kagome-dict/dict"
	"github.com/ikawaha/kagome-dict/ipa"
	"github.com/ikawaha/kagome/v2/tokenizer"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// word is one word of a text.
type word struct {
	surface string
	base    string // dictionary form; the stem of an English word
	read    string // reading in hiragana, cut to the stem nouns are made of: 払う and 支払い give はらい
	kana    string // reading of the surface in hiragana
	content bool   // says what the text is about
	glue    bool   // particle, ending or sign: between the words that count
}

// reader cuts texts into words, compounds into their parts.
type reader struct {
	tokens *tokenizer.Tokenizer
	dict   *dict.Dict
	stop   map[string]bool
}

func newReader() (*reader, error) {
	d := ipa.Dict()
	t, err := tokenizer.New(d, tokenizer.OmitBosEos())
	if err != nil {
		return nil, err
	}
	r := &reader{tokens: t, dict: d, stop: make(map[string]bool)}
	for _, w := range strings.Fields(asking) {
		r.stop[w] = true
	}
	return r, nil
}

// asking are words questions are made with; they say nothing about what.
const asking = `教える 知る 知らせる する なる ある いる できる 出来る 欲しい ほしい 思う 考える 言う いう 聞く 訊く 尋ねる
分かる わかる 場合 どこ 何処 何 なに なん いつ 誰 だれ どう どの どれ どんな どちら いくら なぜ どうして どうしたら どうすれば いかが
方法 必要 時 とき こと 事 もの 物 方 かた 所 ところ 際 くださる 下さる くれる いただく 頂く もらう やる 行う おこなう
質問 願う 困る 詳しい くわしい 内容 件 様 的 等 など 為 ため 中 今 私 わたし 自分 良い よい いい ない 無い 多い たい ください 市 の ん よう
これ それ あれ ここ そこ あそこ さん 対応 可能 大丈夫 お願い 一番 よる つく 関する 対する おる ございる みる しまう おく くる 来る いく 行く`

// englishAsking are the same in English, before stemming.
var englishAsking = wordSet(`a an the i my me we our you your he she it its they their is are was be been am do does did can could will would
should may must how what where when who which why to of in on at for with from by and or if about any some this that there have has had
get got want need please tell know not no im ive id dont`)

func wordSet(s string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// read cuts a normalised text.
func (r *reader) read(text string) []word {
	tokens := r.tokens.Analyze(text, tokenizer.Search)
	words := make([]word, 0, len(tokens))
	for i := range tokens {
		t := &tokens[i]
		if strings.TrimSpace(t.Surface) == "" {
			continue
		}
		if latin(t.Surface) {
			words = append(words, englishWord(t.Surface))
			continue
		}
		words = append(words, r.word(t))
	}
	return words
}

func (r *reader) word(t *tokenizer.Token) word {
	kana := understand.Hiragana(t.Surface)
	base, kind := t.Surface, ""
	if t.Class == tokenizer.KNOWN {
		if b, ok := t.BaseForm(); ok && b != "*" {
			base = b
		}
		if k, ok := t.Reading(); ok && k != "*" {
			kana = understand.Hiragana(k)
		}
		kind, _ = t.InflectionalType()
	}
	return r.make(t.Surface, base, kana, kind, t.POS())
}

func (r *reader) make(surface, base, kana, kind string, pos []string) word {
	kana = sound(kana)
	w := word{surface: surface, base: base, kana: kana, read: stemOf(surface, base, kana, kind)}
	first, second := "", ""
	if len(pos) > 0 {
		first = pos[0]
	}
	if len(pos) > 1 {
		second = pos[1]
	}
	switch first {
	case "名詞":
		w.content = second != "非自立" && second != "代名詞"
	case "動詞", "形容詞":
		w.content = second == "自立"
	case "助詞", "記号", "フィラー", "接続詞":
		w.glue = true
	case "助動詞":
		w.glue = base != "ない" && base != "ぬ" && base != "ん"
	}
	if w.content && (r.stop[base] || r.stop[surface] || !wordy(surface)) && !telling(surface) {
		w.content = false
	}
	if !wordy(surface) && !digits(surface) {
		w.glue = true
	}
	return w
}

// stemOf is the reading of the form of a verb that nouns are made of
// (申し込む: もうしこみ), so that verb and noun meet; adjectives lose い.
func stemOf(surface, base, kana, kind string) string {
	if kind == "" || kind == "*" {
		return kana
	}
	same := 0
	for same < len(surface) && same < len(base) && surface[same] == base[same] {
		same++
	}
	for same > 0 && (same < len(surface) && !utf8.RuneStart(surface[same]) || same < len(base) && !utf8.RuneStart(base[same])) {
		same--
	}
	read := []rune(kana)
	ending := utf8.RuneCountInString(surface[same:])
	if ending >= len(read) {
		return kana
	}
	full := string(read[:len(read)-ending]) + sound(understand.Hiragana(base[same:]))
	switch {
	case strings.HasPrefix(kind, "五段"):
		last, n := utf8.DecodeLastRuneInString(full)
		if i := strings.IndexRune("うくぐすつぬぶむる", last); i >= 0 {
			return full[:len(full)-n] + []string{"い", "き", "ぎ", "し", "ち", "に", "び", "み", "り"}[i/3]
		}
	case strings.HasPrefix(kind, "一段"):
		return strings.TrimSuffix(full, "る")
	case strings.HasPrefix(kind, "形容詞"):
		return strings.TrimSuffix(full, "い")
	}
	return full
}

// sound spells ぢ and づ as they are spoken: あづける and あずける are one.
func sound(kana string) string {
	if !strings.ContainsAny(kana, "ぢづ") {
		return kana
	}
	return strings.NewReplacer("ぢ", "じ", "づ", "ず").Replace(kana)
}

func latin(s string) bool {
	for i := 0; i < len(s); i++ {
		if (s[i] < 'a' || s[i] > 'z') && s[i] != '\'' && s[i] != '-' {
			return false
		}
	}
	return s != "" && s != "-" && s != "'"
}

func englishWord(s string) word {
	bare := strings.NewReplacer("'", "", "-", "").Replace(s)
	if len(bare) > 32 {
		bare = bare[:32]
	}
	asking := englishAsking[bare]
	stem := understand.Stem(bare)
	return word{surface: s, base: stem, read: stem, kana: stem, content: !asking && len(bare) > 1, glue: asking}
}

// wordy reports whether a word has a letter, a kana or a kanji in it.
func wordy(s string) bool {
	for _, r := range s {
		if r >= 'a' && r <= 'z' || r >= 0x3041 && r <= 0x3096 || r >= 0x30a1 && r <= 0x30fa || isHan(r) || r >= 0xac00 && r <= 0xd7a3 || r >= 0xc0 && r <= 0x1eff {
			return true
		}
	}
	return false
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// telling reports a number that names something: 188, 119, 7119.
func telling(s string) bool { return len(s) >= 3 && digits(s) }

func isHan(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf || r == '々' || r == '〆'
}

func isHiragana(r rune) bool { return r >= 0x3041 && r <= 0x3096 || r == 'ー' }

// allKana reports a word written in kana only.
func allKana(s string) bool {
	for _, r := range s {
		if !isHiragana(r) && (r < 0x30a1 || r > 0x30ff) {
			return false
		}
	}
	return s != ""
}

// counting leaves out what stands between the words.
func counting(words []word) []word {
	out := make([]word, 0, len(words))
	for _, w := range words {
		if !w.glue {
			out = append(out, w)
		}
	}
	return out
}
