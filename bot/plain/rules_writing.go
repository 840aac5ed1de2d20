package plain

import (
	"fmt"
	"sort"
	"strings"
)

// kanji is R15: furigana on every kanji, at most four kanji a sentence. Counters
// behind digits (9時) are not counted, nor are lists and «label：value».
func (c *checker) kanji(s *sentence) {
	count := 0
	for i := s.start; i < s.end; i++ {
		if !isHan(c.text[i]) {
			continue
		}
		if _, ok := c.b.reading(i); ok {
			if i == 0 || !isDigit(c.text[i-1]) && c.text[i-1] != '}' {
				count++
			}
			continue
		}
		end, hardest := i, 0
		for end < s.end && isHan(c.text[end]) {
			if _, ok := c.b.reading(end); ok {
				break
			}
			hardest = max(hardest, c.p.Grade(c.text[end]))
			end++
		}
		count += end - i
		if hardest > c.o.Grade {
			c.missing(i, end)
		}
		i = end - 1
	}
	if count > kanjiSentence && c.o.Kind == Message && !s.item {
		c.report("R15", Error, s.start, s.end, fmt.Sprintf("漢字が %d字あります（1つの文に %d字まで）", count, kanjiSentence), "むずかしいことばを ひらがなで書くか、文を分けてください")
	}
}

func (c *checker) missing(start, end int) {
	what := "ふりがながありません"
	word := string(c.b.raw[start:end])
	if r, ok := rubyAt(c.ownReadings(), start); ok {
		if r.sure {
			c.report("R15", Error, start, end, what, string(c.b.raw[r.start:r.end])+"（"+r.kana+"）")
			return
		}
	}
	suggestion := "読みが文で変わります。人が読みをつけてください"
	known := c.p.known(word)
	if t, ok := c.tokenAt(start); ok && len(known) < 2 {
		known = c.p.known(t.base)
	}
	if len(known) > 1 {
		suggestion = "読みは " + strings.Join(known, "か ") + " です。人がえらんでください"
	}
	c.report("R15", Error, start, end, what, suggestion)
}

// ownReadings are the readings a program would give to the bare text.
func (c *checker) ownReadings() []ruby {
	if c.own == nil {
		c.own = c.p.readTokens(&bare{text: c.b.text, raw: c.b.raw, readers: c.b.readers}, c.tokens)
		if c.own == nil {
			c.own = []ruby{}
		}
	}
	return c.own
}

// readings is R25: each given reading must be one the lists or the dictionary
// know for the word.
func (c *checker) readings() {
	if len(c.b.rubies) == 0 {
		return
	}
	own := c.ownReadings()
	for _, r := range c.b.rubies {
		if strings.HasPrefix(r.kana, "{") || c.agrees(r, own) {
			continue
		}
		want := ""
		if o, ok := rubyAt(own, r.start); ok && o.sure && o.end >= r.end {
			want = string(c.b.raw[o.start:o.end]) + "（" + o.kana + "）"
		}
		word := string(c.b.raw[r.start:r.end])
		if want == "" && c.p.ambiguous(word, r.kana) {
			continue
		}
		if want != "" {
			c.report("R25", Error, r.start, r.end, "「"+word+"」の読み「"+r.kana+"」が ちがうようです", want)
		} else {
			c.report("R25", Warning, r.start, r.end, "「"+word+"」の読み「"+r.kana+"」が たしかめられません", "人がたしかめて、読みの表（readings.tsv）に入れてください")
		}
	}
}

// rubyAt finds the piece that covers a rune.
func rubyAt(rs []ruby, at int) (ruby, bool) {
	i := sort.Search(len(rs), func(i int) bool { return rs[i].end > at })
	if i < len(rs) && rs[i].start <= at {
		return rs[i], true
	}
	return ruby{}, false
}

// agrees tells whether a given reading is one a reader of the lists would
// accept.
func (c *checker) agrees(r ruby, own []ruby) bool {
	for at := r.start; at < r.end; at++ {
		o, ok := rubyAt(own, at)
		if !ok {
			continue
		}
		at = o.end - 1
		if o.start == r.start && o.end == r.end && o.sure && o.kana == r.kana {
			return true
		}
		// 15分（じゅうごふん） for 15分（ふん), 市役所（しやくしょ） inside a longer run
		if o.sure && o.start >= r.start && o.end == r.end && strings.HasSuffix(r.kana, o.kana) && isDigit(c.b.text[r.start]) {
			return true
		}
		if o.sure && o.start <= r.start && o.end >= r.end && strings.Contains(o.kana, r.kana) && (o.start == r.start) == strings.HasPrefix(o.kana, r.kana) {
			return true
		}
	}
	return c.accepted(r)
}

// accepted looks in the lexicon and in the dictionary for the word by itself,
// with the kana that follow it.
func (c *checker) accepted(r ruby) bool {
	text := c.b.text
	for end := r.end; end <= min(len(text), r.end+4); end++ {
		if end > r.end && !isHiragana(text[end-1]) {
			break
		}
		if e, ok := c.p.lexicon.words[string(text[r.start:end])]; ok {
			for _, kana := range e.kana {
				if kana == r.kana+string(text[r.end:end]) {
					return true
				}
			}
		}
	}
	word := string(text[r.start:r.end])
	if e, ok := c.p.lexicon.words[word]; ok {
		for _, kana := range e.kana {
			if kana == r.kana {
				return true
			}
		}
	}
	// a verb or adjective kept by its dictionary form: 開（あ）いた, 辛（つら）かった
	for base, e := range c.p.lexicon.words {
		rest, ok := strings.CutPrefix(base, word)
		if !ok || !e.unsure || rest == "" || hasHan(rest) {
			continue
		}
		for _, kana := range e.kana {
			if kana == r.kana+rest {
				return true
			}
		}
	}
	return false
}

// ambiguous accepts the readings of words that senses.go leaves open.
func (p *Plain) ambiguous(word, kana string) bool {
	open := map[string]string{
		"行": "い おこな", "通": "とお かよ", "開": "あ ひら", "入": "い はい", "何": "なに なん", "方": "かた ほう", "中": "なか ちゅう じゅう",
		"後": "あと うし ご のち", "間": "あいだ ま かん", "日": "ひ び にち", "月": "つき がつ げつ", "家": "いえ うち", "止": "と や",
		"1日": "ついたち いちにち", "一日": "ついたち いちにち", "分": "ふん ぷん ぶん", "人": "ひと にん じん",
	}
	for _, k := range strings.Fields(open[word]) {
		if k == kana {
			return true
		}
	}
	return false
}

// blanks is R16.
func (c *checker) blanks(s *sentence) {
	if c.o.Where != Out || c.o.Kind == Button {
		return
	}
	blank := false
	for i := s.start; i < s.end; i++ {
		if !isBlank(c.text[i]) {
			continue
		}
		blank = true
		if i+2 < s.end && strings.ContainsRune("をはがにでへもと", c.text[i+1]) && (isBlank(c.text[i+2]) || strings.ContainsRune("、。", c.text[i+2])) {
			c.report("R16", Error, i, i+2, "「"+string(c.text[i+1])+"」の前に空白があります", "前のことばにつけて書いてください")
		}
	}
	if blank || s.length() <= runesBlankless || c.o.Kind != Message || s.item {
		return
	}
	// One phrase alone (ありがとうございます。) has no place for a blank.
	whole := string(c.b.raw[s.start:s.end])
	if spaced := c.p.Space(whole); spaced != whole {
		c.report("R16", Error, s.start, s.end, "ことばのあいだに空白がありません", spaced)
	}
}

// fullWidth is R17.
func (c *checker) fullWidth(s *sentence) {
	for i := s.start; i < s.end; i++ {
		if c.b.raw[i] < '０' || c.b.raw[i] > '９' {
			continue
		}
		end := i
		for end < s.end && c.b.raw[end] >= '０' && c.b.raw[end] <= '９' {
			end++
		}
		c.report("R17", Error, i, end, "数字が全角です", string(c.b.text[i:end]))
		i = end
	}
}

// signs is R20.
func (c *checker) signs(s *sentence) {
	text := s.text()
	for _, m := range c.p.rules.signs.FindAllStringIndex(text, -1) {
		if text[m[0]:m[1]] == "〜" && c.p.rules.span.MatchString(text) {
			continue
		}
		c.in(s, "R20", Warning, runesBefore(text, m[0]), runesBefore(text, m[1]), "「"+text[m[0]:m[1]]+"」は わからない人がいます", "ことばで書いてください")
	}
	for _, m := range c.p.rules.abbrev.FindAllStringIndex(text, -1) {
		if m[0] > 0 && isLatin(rune(text[m[0]-1])) || m[1] < len(text) && isLatin(rune(text[m[1]])) {
			continue
		}
		c.in(s, "R20", Warning, runesBefore(text, m[0]), runesBefore(text, m[1]), "「"+text[m[0]:m[1]]+"」は わからない人がいます", abbreviation(text[m[0]:m[1]]))
	}
}

func abbreviation(w string) string {
	switch strings.ToUpper(w) {
	case "TEL":
		return "「電話」と書けます"
	case "FAX":
		return "「ファックス」と書けます"
	case "MAIL":
		return "「メール」と書けます"
	}
	return "ことばで書いてください"
}
