package plain

import (
	"fmt"
	"strings"
)

// Limits of the rules. 24 and 48 morae are the limits of the guides for
// disasters and for daily life; the others are our choice.
const (
	moraeDisaster  = 24
	moraeDaily     = 48
	runesEasy      = 40
	runesOrdinary  = 60
	runesOpening   = 30
	runesBlankless = 10
	kanjiSentence  = 4
	sentencesMost  = 5
	runesMost      = 200
	buttonRunes    = 10
	lineButton     = 20 // https://developers.line.biz/en/reference/messaging-api/#action-objects
	answerLong     = 3
)

// lengths is R01 (morae) and R02 (characters).
func (c *checker) lengths(s *sentence) {
	n, most := s.length(), runesEasy
	if c.o.Where == Ordinary {
		most = runesOrdinary
	} else {
		limit := moraeDaily
		if c.o.Disaster {
			limit = moraeDisaster
		}
		if m := c.b.morae(s.start, s.end, c.text); m > limit {
			c.report("R01", Error, s.start, s.end, fmt.Sprintf("文が長いです（%d拍。%d拍まで）", m, limit), "2つの文に分けてください")
		}
	}
	if n > most {
		c.report("R02", Warning, s.start, s.end, fmt.Sprintf("文が長いです（%d字。%d字まで）", n, most), "2つの文に分けてください")
	}
}

// oneIdea is R03 (one idea a sentence), R04 (three things make a list) and R23
// has its own words.
func (c *checker) oneIdea(s *sentence) {
	text := outsideQuotes(s.squeezed)
	if things := c.things(s); things >= 3 {
		c.report("R04", Warning, s.start, s.end, fmt.Sprintf("%dつの ものが 1つの文に並んでいます", things), "「・」で始まる行に分けてください")
		return
	}
	joints := c.p.rules.joints.FindAllStringIndex(text, -1)
	commas := strings.Count(text, "、")
	if opening, _, ok := strings.Cut(text, "、"); ok && (opening == "はい" || opening == "いいえ") {
		commas--
	}
	if len(joints) >= 2 || commas >= 2 {
		c.report("R03", Error, s.start, s.end, "1つの文に 2つより多いことが入っています", "「。」で区切って、1つの文に 1つのことを書いてください")
	}
}

// things counts nouns in a row that are joined in the same way: A や B や C.
func (c *checker) things(s *sentence) int {
	if c.o.Kind == Button {
		return 0
	}
	most := 0
	run, last := map[string]int{}, map[string]int{}
	from, to := c.wordsOf(s)
	for i := from; i < to; i++ {
		t := &c.tokens[i]
		if t.blank {
			continue
		}
		joint := ""
		switch {
		case t.surface == "や" && t.pos == "助詞", t.surface == "・" && t.start > s.start:
			joint = t.surface
		case t.surface == "と" && t.pos == "助詞" && (t.sub == "並立助詞" || t.sub == "格助詞"):
			joint = "と"
		case t.surface == "、":
			p := (&scan{tokens: c.tokens}).before(i)
			if p >= 0 && c.tokens[p].pos == "名詞" && c.tokens[p].sub != "副詞可能" && c.tokens[p].sub != "非自立" {
				joint = "、"
			}
		case t.pos == "動詞", t.pos == "助動詞", t.pos == "助詞" && t.sub != "連体化" && t.surface != "の":
			clear(run)
		}
		if joint == "" {
			continue
		}
		if run[joint] > 0 && i-last[joint] > 8 {
			run[joint] = 0
		}
		run[joint]++
		last[joint] = i
		most = max(most, run[joint]+1)
	}
	return most
}

// outsideQuotes blanks out what stands in 「」 and brackets.
func outsideQuotes(rs []rune) string {
	out := append([]rune(nil), rs...)
	depth := 0
	for i, r := range out {
		switch {
		case strings.ContainsRune("「『（(", r):
			depth++
		case strings.ContainsRune("」』）)", r):
			depth = max(0, depth-1)
		case depth > 0:
			out[i] = '＿'
		}
	}
	return string(out)
}

// ending is R06: every sentence ends in です, ます or ください.
func (c *checker) ending(s *sentence) {
	if s.item || c.o.Kind != Message {
		return
	}
	text := strings.TrimRight(s.text(), "。！？!?")
	if strings.HasSuffix(text, "}") || strings.HasSuffix(text, string(masked)) || c.p.rules.ending.MatchString(text) {
		return
	}
	if i := strings.LastIndexAny(text, "（("); i > 0 && strings.HasSuffix(text, "）") && c.p.rules.ending.MatchString(text[:i]) {
		return
	}
	from := max(0, len(s.squeezed)-6)
	c.in(s, "R06", Error, from, len(s.squeezed), "文が最後まで書いてありません", "「です」「ます」「ください」で終わってください")
}

// wholeText is R05, R21, R24, R27: what is seen only over several sentences.
func (c *checker) wholeText() {
	if len(c.sentences) == 0 {
		return
	}
	last := c.sentences[len(c.sentences)-1]
	if c.o.Kind == Button {
		n := 0
		for i := range c.sentences {
			n += c.sentences[i].length() - strings.Count(c.sentences[i].text(), "、") - strings.Count(c.sentences[i].text(), "・")
		}
		if n > buttonRunes {
			c.report("R27", Warning, c.sentences[0].start, last.end, fmt.Sprintf("ボタンのことばが長いです（%d字。%d字まで）", n, buttonRunes), "短くしてください")
		}
		return
	}
	if c.o.Kind != Message {
		return
	}
	if c.o.Where == Out {
		if s := &c.sentences[0]; !s.item && s.length() > runesOpening && !c.p.rules.ending.MatchString(strings.TrimRight(s.text(), "。！？!?")) {
			c.report("R05", Warning, s.start, s.end, "はじめの文が長く、何をするか わかりません", "してほしいことを先に、短く書いてください")
		}
		total, count := 0, 0
		for i := range c.sentences {
			total += c.sentences[i].length()
			if !c.sentences[i].item {
				count++
			}
		}
		if count > sentencesMost && total > runesMost {
			c.report("R27", Warning, c.sentences[0].start, last.end, fmt.Sprintf("%d文、%d字あります（%d文か %d字まで）", count, total, sentencesMost, runesMost), "2つのメッセージに分けてください")
		}
		if len(c.sentences) == 1 && strings.Contains(c.sentences[0].text(), "ないでください") {
			c.report("R24", Warning, c.sentences[0].start, last.end, "してはいけないことだけ書いてあります", "つぎの文に、わけを書いてください")
		}
	}
	c.subjects()
}

// subjects is R21: three sentences in a row that do not say who or what.
func (c *checker) subjects() {
	without := 0
	for i := range c.sentences {
		s := &c.sentences[i]
		text := strings.TrimRight(s.text(), "。！？!?")
		if s.item || c.hasSubject(s) || strings.HasSuffix(text, "ください") || strings.HasSuffix(text, "か") ||
			strings.HasSuffix(text, "ね") || len(s.squeezed) <= 12 || strings.Contains(text, "{") {
			without = 0
			continue
		}
		if without++; without == 3 {
			c.report("R21", Warning, s.start, s.end, "「だれが」「何が」のない文が 3つ続いています", "「職員が」「あなたは」などを書いてください")
			without = 0
		}
	}
}

func (c *checker) hasSubject(s *sentence) bool {
	from, to := c.wordsOf(s)
	for _, t := range c.tokens[from:to] {
		if t.pos == "助詞" && (t.surface == "は" || t.surface == "が" || t.surface == "も" || t.surface == "には" || t.surface == "では") {
			return true
		}
	}
	return false
}
