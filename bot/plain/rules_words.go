package plain

import (
	"strings"
)

// doubleNegation is R07.
func (c *checker) doubleNegation(s *sentence) {
	text := s.text()
	for _, re := range c.p.rules.doubleNo {
		if m := re.FindStringIndex(text); m != nil {
			suggestion := "「〜ます」「〜てください」と書いてください"
			if w := text[m[0]:m[1]]; strings.HasPrefix(w, "なければな") || strings.HasPrefix(w, "なくてはな") || strings.HasPrefix(w, "なくてはい") {
				suggestion = "「〜してください」「〜が ひつようです」と書いてください"
			}
			c.in(s, "R07", Error, runesBefore(text, m[0]), runesBefore(text, m[1]), "「ない」が 2つあります", suggestion)
			return
		}
	}
}

// passive is R08. 見られます may mean "can see" as well: after verbs of that
// class it is a warning.
func (c *checker) passive(s *sentence) {
	from, to := c.wordsOf(s)
	for i := max(from, 1); i < to; i++ {
		t := c.tokens[i]
		if t.pos != "動詞" || t.sub != "接尾" {
			continue
		}
		stem := c.tokens[i-1]
		switch t.base {
		case "れる":
			c.report("R08", Error, stem.start, t.end, "「〜れる」（される）の言いかたです", "「だれが〜する」と書いてください")
		case "られる":
			c.report("R08", Warning, stem.start, t.end, "「〜られる」は 意味が 2つあります", "「〜ことが できる」か「だれが〜する」と書いてください")
		case "せる", "させる":
			c.report("R08", Error, stem.start, t.end, "「〜せる」（させる）の言いかたです", "「だれが〜する」と書いてください")
		}
	}
}

// honorific is R09.
func (c *checker) honorific(s *sentence) {
	text := s.text()
	said := make([]bool, len(s.squeezed)+1)
	for _, m := range c.p.lists.find("R09", s.squeezed) {
		before := string(s.squeezed[:m.start])
		if strings.HasPrefix(m.word, "ござい") && strings.HasSuffix(before, "ありがとう") ||
			m.word == "なさい" && (strings.HasSuffix(before, "ごめん") || strings.HasSuffix(before, "おやすみ")) {
			continue
		}
		for i := m.start; i < m.end; i++ {
			said[i] = true
		}
		c.in(s, "R09", Error, m.start, m.end, "敬語です", easier(m.instead))
	}
	for _, m := range c.p.rules.please.FindAllStringIndex(text, -1) {
		w := text[m[0]:m[1]]
		from := runesBefore(text, m[0])
		if said[from] || politeOK(w) || from > 0 && isHiragana(s.squeezed[from-1]) && !strings.ContainsRune("、はをにでがへとも", s.squeezed[from-1]) {
			continue
		}
		c.in(s, "R09", Error, from, runesBefore(text, m[1]), "「お〜ください」は敬語です", "「〜てください」と書いてください")
	}
}

// politeOK allows お待ちください, and nouns that begin with お before a verb in
// て: お金を はらって ください.
func politeOK(w string) bool {
	if strings.HasPrefix(w, "お待ち") || strings.HasPrefix(w, "おまち") {
		return true
	}
	stem := strings.TrimSuffix(strings.TrimSuffix(w, "ください"), "下さい")
	return strings.HasSuffix(stem, "て") || strings.HasSuffix(stem, "で") || strings.HasSuffix(stem, "を")
}

func easier(instead string) string {
	if instead == "" || strings.HasPrefix(instead, "（") {
		return strings.Trim(instead, "（）")
	}
	return "「" + instead + "」と書けます"
}

// listed is R10 (vague), R14 (sounds), R22 (idioms), R23 (long connectives).
func (c *checker) listed(s *sentence) {
	for _, rule := range []struct {
		id, what string
	}{
		{"R10", "はっきりしない言いかたです"},
		{"R14", "音やようすのことばは、わかりにくいです"},
		{"R22", "決まった言いまわしは、わかりにくいです"},
		{"R23", "つなぎのことばが むずかしいです"},
	} {
		for _, m := range c.p.lists.find(rule.id, s.squeezed) {
			if !c.isWord(s, m, rule.id) {
				continue
			}
			c.in(s, rule.id, Warning, m.start, m.end, rule.what, easier(m.instead))
		}
	}
	if c.o.Where == Broadcast {
		if i := strings.Index(s.text(), "など"); i >= 0 {
			at := runesBefore(s.text(), i)
			c.in(s, "R10", Warning, at, at+2, "「など」は、ほかに何があるか わかりません", "ぜんぶ書くか、とってください")
		}
	}
}

// isWord tells a word of a list from the same runes inside other words.
func (c *checker) isWord(s *sentence, m match, rule string) bool {
	rs := s.squeezed
	switch {
	case m.word == "等":
		return m.start > 0 && !strings.ContainsRune("平高対同均一上下", rs[m.start-1]) && (m.end == len(rs) || !strings.ContainsRune("級身分し", rs[m.end]))
	case rule == "R23" && (m.word == "にて" || m.word == "のみ" || m.word == "において" || m.word == "に対して" || m.word == "をもって" || m.word == "における"):
		t, ok := c.tokenAt(s.at[m.start])
		return ok && t.pos == "助詞" && t.surface == m.word
	case rule == "R14" || rule == "R23" && !hasHan(m.word):
		_, ok := c.tokenAt(s.at[m.start])
		return ok
	}
	return true
}

// tokenAt returns the token that begins at a rune of the bare text.
func (c *checker) tokenAt(at int) (token, bool) {
	lo, hi := 0, len(c.tokens)
	for lo < hi {
		mid := (lo + hi) / 2
		if c.tokens[mid].start < at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(c.tokens) && c.tokens[lo].start == at {
		return c.tokens[lo], true
	}
	return token{}, false
}

// loanwords is R11.
func (c *checker) loanwords(s *sentence) {
	rs := s.squeezed
	for i := 0; i < len(rs); i++ {
		if !isKatakana(rs[i]) {
			continue
		}
		end := i
		for end < len(rs) && (isKatakana(rs[end]) || rs[end] == 'ー') {
			end++
		}
		word := string(rs[i:end])
		_, fine := c.p.lists.byRule["R11ok"][word]
		if end-i >= 3 && !fine && !explained(rs, i, end) && !c.inQuotes(rs, i) {
			instead := c.p.lists.byRule["R11"][word]
			suggestion := "すぐあとに（せつめい）を書くか、日本語で書いてください"
			if instead != "" {
				suggestion = easier(instead) + "。使うなら（せつめい）をつけてください"
			}
			c.in(s, "R11", Error, i, end, "「"+word+"」は、知らない人が多い外来語です", suggestion)
		}
		i = end
	}
}

// explained tells whether a word has its meaning in brackets behind it, or
// stands itself in brackets behind its meaning.
func explained(rs []rune, start, end int) bool {
	if end < len(rs) && (rs[end] == '（' || rs[end] == '(') {
		return true
	}
	if named(rs, start, end) {
		return true
	}
	depth := 0
	for i := start - 1; i >= 0; i-- {
		switch rs[i] {
		case '）', ')':
			depth++
		case '（', '(':
			if depth == 0 {
				return i > 0
			}
			depth--
		}
	}
	return false
}

// named tells words inside 「…」は or 「…」（: what they are called is being
// explained.
func named(rs []rune, start, end int) bool {
	for i := start - 1; ; i-- {
		if i < 0 || rs[i] == '」' {
			return false
		}
		if rs[i] == '「' {
			break
		}
	}
	for i := end; i+1 < len(rs); i++ {
		if rs[i] == '」' {
			return rs[i+1] == 'は' || rs[i+1] == '（' || rs[i+1] == '('
		}
	}
	return false
}

// inQuotes tells names in 「」.
func (c *checker) inQuotes(rs []rune, at int) bool {
	for i := at - 1; i >= 0; i-- {
		switch rs[i] {
		case '」', '』':
			return false
		case '「', '『':
			return true
		}
	}
	return false
}

// hardWords is R12, R26 (names that need a meaning) and R31 (the same in
// disasters).
func (c *checker) hardWords(s *sentence) {
	seen := make([]bool, len(s.squeezed)+1)
	for _, m := range c.p.lists.find("R26", s.squeezed) {
		for i := m.start; i < m.end; i++ {
			seen[i] = true
		}
		if c.explainedAnywhere(s, m) || c.o.Kind != Message {
			continue
		}
		sev := Warning
		if c.o.Where == Broadcast {
			sev = Error
		}
		c.in(s, "R26", sev, m.start, m.end, "「"+m.word+"」を知らない人が多いです", "すぐあとに（"+m.instead+"）と書いてください")
	}
	if c.o.Disaster {
		for _, m := range c.p.lists.find("R31", s.squeezed) {
			for i := m.start; i < m.end; i++ {
				seen[i] = true
			}
			if !c.explainedAnywhere(s, m) {
				c.in(s, "R31", Error, m.start, m.end, "「"+m.word+"」に説明がありません", "すぐあとに（"+m.instead+"）と書いてください")
			}
		}
	}
	for _, m := range c.p.lists.find(fineRule, s.squeezed) {
		for i := m.start; i < m.end; i++ {
			seen[i] = true
		}
	}
	for _, m := range c.p.lists.find(hardRule, s.squeezed) {
		w := c.p.lists.hard[m.word]
		if seen[m.start] || w.level < c.o.Level || !c.wholeWord(s, m) || explained(s.squeezed, m.start, m.end) {
			continue
		}
		sev := Error
		if w.level == 1 {
			sev = Warning
		}
		c.in(s, "R12", sev, m.start, m.end, "「"+m.word+"」は むずかしいことばです", easier(w.easy))
	}
}

// explainedAnywhere tells whether the word has its meaning beside it
// somewhere in the text.
func (c *checker) explainedAnywhere(s *sentence, m match) bool {
	if explained(s.squeezed, m.start, m.end) {
		return true
	}
	if known, ok := c.meant[m.word]; ok {
		return known
	}
	if c.meant == nil {
		c.meant = map[string]bool{}
	}
	c.meant[m.word] = c.explainedSomewhere(m.word)
	return c.meant[m.word]
}

func (c *checker) explainedSomewhere(word string) bool {
	n := len([]rune(word))
	for i := range c.sentences {
		rs := c.sentences[i].squeezed
		for at := 0; at+n <= len(rs); at++ {
			if end := at + n; string(rs[at:end]) == word && explained(rs, at, end) {
				return true
			}
		}
	}
	return false
}

// wholeWord refuses a hard word that is only part of another one: 届 in 届く.
func (c *checker) wholeWord(s *sentence, m match) bool {
	rs := s.squeezed
	if m.end-m.start == 1 {
		t, ok := c.tokenAt(s.at[m.start])
		return ok && t.surface == m.word
	}
	if m.start > 0 && isHan(rs[m.start-1]) && isHan(rs[m.start]) {
		if _, ok := c.tokenAt(s.at[m.start]); !ok {
			return false
		}
	}
	return true
}

// nouns is R13: things done said as nouns.
func (c *checker) nouns(s *sentence) {
	text := s.text()
	for _, re := range c.p.rules.noun {
		if m := re.FindStringIndex(text); m != nil {
			w := text[m[0]:m[1]]
			if strings.HasPrefix(w, "文化") || strings.HasPrefix(w, "変化") || strings.HasPrefix(w, "消化") {
				continue
			}
			c.in(s, "R13", Warning, runesBefore(text, m[0]), runesBefore(text, m[1]), "することが名詞になっています", "「〜します」「〜てください」と動詞で書いてください")
			return
		}
	}
}

// promises is R32: no diagnosis, no promise, no command.
func (c *checker) promises(s *sentence) {
	for _, m := range c.p.lists.find("R32", s.squeezed) {
		if strings.HasSuffix(m.word, "です") && m.end < len(s.squeezed) && s.squeezed[m.end] == 'か' {
			continue
		}
		c.in(s, "R32", Error, m.start, m.end, "診断・約束・命令になります", easier(m.instead))
	}
}
