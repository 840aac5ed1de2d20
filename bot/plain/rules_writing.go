package plain

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// kanji is R15: furigana on every kanji, at most four kanji a sentence.
func (c *checker) kanji(s *sentence) {
	count := 0
	for i := s.start; i < s.end; i++ {
		if !isHan(c.text[i]) {
			continue
		}
		if _, ok := c.b.reading(i); ok {
			count++
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
	if count > kanjiSentence && c.o.Kind == Message {
		c.report("R15", Error, s.start, s.end, fmt.Sprintf("漢字が %d字あります（1つの文に %d字まで）", count, kanjiSentence), "むずかしいことばを ひらがなで書くか、文を分けてください")
	}
}

func (c *checker) missing(start, end int) {
	what := "ふりがながありません"
	word := string(c.b.raw[start:end])
	for _, r := range c.ownReadings() {
		if r.start <= start && r.end > start && r.sure {
			c.report("R15", Error, start, end, what, string(c.b.raw[r.start:r.end])+"（"+r.kana+"）")
			return
		}
	}
	suggestion := "読みが文で変わります。人が読みをつけてください"
	if known := c.p.known(word); len(known) > 1 {
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
		if c.agrees(r, own) {
			continue
		}
		want := ""
		for _, o := range own {
			if o.sure && o.start <= r.start && o.end >= r.end {
				want = string(c.b.raw[o.start:o.end]) + "（" + o.kana + "）"
			}
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

// agrees tells whether a given reading is one a reader of the lists would
// accept.
func (c *checker) agrees(r ruby, own []ruby) bool {
	for _, o := range own {
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
	if !blank && s.length() > runesBlankless && c.o.Kind == Message && !s.item {
		c.report("R16", Error, s.start, s.end, "ことばのあいだに空白がありません", c.p.Space(string(c.b.raw[s.start:s.end])))
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

// dates is R18.
func (c *checker) dates(s *sentence) {
	text := s.text()
	in := func(sev Severity, m []int, what, suggestion string) {
		c.in(s, "R18", sev, runesBefore(text, m[0]), runesBefore(text, m[1]), what, suggestion)
	}
	if m := c.p.rules.era.FindStringIndex(text); m != nil {
		in(Error, m, "日本の年の数えかたです", c.p.western(text[m[0]:m[1]]))
	}
	for _, re := range c.p.rules.dates {
		if m := re.FindStringIndex(text); m != nil {
			in(Error, m, "日を「/」や「-」で書いています", "「5月1日」のように書いてください")
			break
		}
	}
	if m := c.p.rules.weekday.FindStringSubmatchIndex(text); m != nil {
		year, _ := strconv.Atoi(text[m[2]:m[3]])
		month, _ := strconv.Atoi(text[m[4]:m[5]])
		day, _ := strconv.Atoi(text[m[6]:m[7]])
		date := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		want := []string{"日", "月", "火", "水", "木", "金", "土"}[date.Weekday()]
		switch {
		case date.Day() != day || int(date.Month()) != month:
			in(Error, m, "そのような日はありません", "日をたしかめてください")
		case text[m[8]:m[9]] != want:
			in(Error, m, "曜日がちがいます", fmt.Sprintf("%d年%d月%d日は（%s）です", year, month, day, want))
		}
	}
	if c.o.Where == Broadcast {
		if m := c.p.rules.bareDay.FindStringSubmatchIndex(text); m != nil && !strings.ContainsAny(text[m[2]:m[3]], "（(") {
			in(Warning, m, "曜日がありません", "「5月1日(金)」のように曜日を書いてください")
		}
	}
	if m := c.p.rules.nextDay.FindStringIndex(text); m != nil && !c.p.rules.bareDay.MatchString(text) {
		in(Warning, m, "いつの日か わかりません", "月と日を書いてください")
	}
}

// times is R19.
func (c *checker) times(s *sentence) {
	text := s.text()
	in := func(sev Severity, from, to int, what, suggestion string) {
		c.in(s, "R19", sev, runesBefore(text, from), runesBefore(text, to), what, suggestion)
	}
	for _, m := range c.p.rules.clock.FindAllStringIndex(text, -1) {
		in(Error, m[0], m[1], "時間を「:」で書いています", c.p.clockWords(text[m[0]:m[1]]))
	}
	for _, m := range c.p.rules.hour.FindAllStringSubmatchIndex(text, -1) {
		hour, _ := strconv.Atoi(text[m[2]:m[3]])
		rest := text[m[1]:]
		if strings.HasPrefix(rest, "間") || strings.HasPrefix(rest, "限") {
			continue
		}
		before := text[max(0, m[0]-len("午前の中の日の")):m[0]]
		half := strings.Contains(before, "午") || strings.Contains(before, "ごぜん") || strings.Contains(before, "ごご") ||
			strings.Contains(before, "朝") || strings.Contains(before, "夜") || strings.Contains(before, "昼") || strings.Contains(before, "夕") ||
			strings.Contains(before, "ひる") || strings.Contains(before, "よる") || strings.Contains(before, "あさ")
		switch {
		case hour >= 13:
			in(Error, m[0], m[1], "13時から24時の書きかたです", c.p.clockWords(text[m[2]:m[3]]+":00"))
		case hour == 12 && !half:
			in(Error, m[0], m[1], "昼か夜か わかりません", "昼の 12時")
		case !half:
			in(Warning, m[0], m[1], "午前か午後か わかりません", "午前"+text[m[0]:m[1]]+" か 午後"+text[m[0]:m[1]])
		}
	}
	if m := c.p.rules.span.FindStringIndex(text); m != nil {
		in(Error, m[0], m[1], "「〜」で続けています", "「〜から 〜まで」と書いてください")
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
