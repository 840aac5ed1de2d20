package plain

import (
	"strings"
)

// Fix mends what can be mended without changing the sense: full-width digits;
// 13:00〜16:30 and 令和8年; TEL and a few signs; hard words that have one easier
// form in the list; ご〜ください; a few connectives; then furigana. All else
// stays as it was. Fix of its own result changes nothing.
func (p *Plain) Fix(text string) string {
	text = p.mend(text, p.digitEdits)
	text = p.spaceLines(text)
	text = p.mend(text, func(b *bare) []edit {
		return append(p.eraEdits(b.text), p.timeEdits(b.text)...)
	})
	text = p.mend(text, func(b *bare) []edit { return p.signEdits(b.text) })
	text = p.mend(text, p.wordEdits)
	return p.Furigana(text)
}

func (p *Plain) mend(text string, edits func(*bare) []edit) string {
	b := parse(text, p.numbers)
	if list := edits(b); len(list) > 0 {
		return b.apply(list)
	}
	return text
}

func (p *Plain) digitEdits(b *bare) []edit {
	var out []edit
	for i, r := range b.raw {
		between := i > 0 && i+1 < len(b.text) && isDigit(b.text[i-1]) && isDigit(b.text[i+1])
		if r >= '０' && r <= '９' || r == '－' && between {
			out = append(out, edit{i, i + 1, string(fold(r))})
		}
	}
	return out
}

// signEdits mends signs and abbreviations.
func (p *Plain) signEdits(text []rune) []edit {
	var out []edit
	hidden := p.mask(text)
	s := string(hidden)
	at := newRuneIndex(s)
	for _, m := range p.rules.abbrev.FindAllStringIndex(s, -1) {
		if m[0] > 0 && isLatin(rune(s[m[0]-1])) || m[1] < len(s) && isLatin(rune(s[m[1]])) {
			continue
		}
		from, to := at[m[0]], at[m[1]]
		switch strings.ToUpper(s[m[0]:m[1]]) {
		case "TEL":
			with := "電話"
			if to < len(hidden) && hidden[to] == masked {
				with += " "
			}
			if to < len(hidden) && hidden[to] == 'は' && to+1 < len(hidden) && hidden[to+1] == masked {
				with, to = "電話は ", to+1
			}
			out = append(out, edit{from, to, with})
		case "FAX":
			out = append(out, edit{from, to, "ファックス"})
		}
	}
	for i, r := range hidden {
		switch r {
		case '℡':
			with := "電話"
			if i+1 < len(hidden) && hidden[i+1] == masked {
				with += " "
			}
			out = append(out, edit{i, i + 1, with})
		case '&', '＆':
			if i > 0 && !isLatin(hidden[i-1]) {
				out = append(out, edit{i, i + 1, "と "})
			}
		case '※':
			if i == 0 || hidden[i-1] == '\n' || isBlank(hidden[i-1]) {
				out = append(out, edit{i, i + 1, ""})
			}
		case '…', '‥':
			end := i
			for end < len(hidden) && (hidden[end] == '…' || hidden[end] == '‥') {
				end++
			}
			if (i == 0 || hidden[i-1] != r) && (end == len(hidden) || hidden[end] == '\n') {
				out = append(out, edit{i, end, "。"})
			}
		}
	}
	return out
}

// wordEdits puts easier words for hard ones, and plain requests for polite
// ones.
func (p *Plain) wordEdits(b *bare) []edit {
	text := p.mask(b.text)
	c := &checker{p: p, b: b, text: text, tokens: p.tokens(b.text), sentences: sentences(text)}
	var out []edit
	for i := range c.sentences {
		s := &c.sentences[i]
		out = append(out, c.politeEdits(s)...)
		names := make([]bool, len(s.squeezed)+1)
		for _, m := range append(p.lists.find("R26", s.squeezed), p.lists.find(fineRule, s.squeezed)...) {
			for k := m.start; k < m.end; k++ {
				names[k] = true
			}
		}
		for _, m := range p.lists.find(hardRule, s.squeezed) {
			if names[m.start] || !c.wholeWord(s, m) || explained(s.squeezed, m.start, m.end) || c.inCompound(s, m) || c.inQuotes(s.squeezed, m.start) {
				continue
			}
			if e, ok := c.replace(s, m); ok {
				out = append(out, e)
			}
		}
		out = append(out, c.connectives(s)...)
	}
	return out
}

// inCompound tells words inside a longer run of kanji or katakana, such as the
// name of an office: those stay.
func (c *checker) inCompound(s *sentence, m match) bool {
	rs := s.squeezed
	near := func(i int) bool {
		return i >= 0 && i < len(rs) && (isHan(rs[i]) || isKatakana(rs[i]) || rs[i] == 'ー')
	}
	if isHan(rs[m.start]) && near(m.start-1) && s.at[m.start] == s.at[m.start-1]+1 {
		return true
	}
	return isHan(rs[m.end-1]) && near(m.end) && s.at[m.end] == s.at[m.end-1]+1
}

func (c *checker) replace(s *sentence, m match) (edit, bool) {
	w := c.p.lists.hard[m.word]
	easy, _, _ := strings.Cut(w.easy, "・")
	e := edit{start: s.at[m.start], end: s.at[m.end-1] + 1}
	if w.mend == "=" {
		if m.end < len(s.squeezed) && strings.HasPrefix(string(s.squeezed[m.end:min(len(s.squeezed), m.end+3)]), "する") ||
			m.end < len(s.squeezed) && strings.ContainsRune("し的化", s.squeezed[m.end]) {
			return e, false
		}
		e.with = easy
		return e, true
	}
	if w.mend == "" {
		return e, false
	}
	tail, with := c.verbTail(s, m, easy, w.mend)
	if tail == 0 {
		return e, false
	}
	e.end = s.at[m.end+tail-1] + 1
	e.with = with
	return e, true
}

// verbTail reads する behind a noun (を allowed between) and gives the easier
// verb in the same form, with how many runes were read.
func (c *checker) verbTail(s *sentence, m match, verb, class string) (int, string) {
	rest := string(s.squeezed[m.end:min(len(s.squeezed), m.end+12)])
	skip := 0
	if after, ok := strings.CutPrefix(rest, "を"); ok {
		rest, skip = after, 1
	}
	for _, f := range forms() {
		if !strings.HasPrefix(rest, f.of) {
			continue
		}
		if f.of == "し" && !strings.HasPrefix(rest, "し、") {
			continue
		}
		with := conjugate(verb, class, f.into)
		if with == "" {
			return 0, ""
		}
		return skip + len([]rune(f.of)), with
	}
	return 0, ""
}

// politeEdits turns ご記入ください into 書いて ください.
func (c *checker) politeEdits(s *sentence) []edit {
	var out []edit
	text := s.text()
	at := newRuneIndex(text)
	for _, m := range c.p.rules.please.FindAllStringIndex(text, -1) {
		w := text[m[0]:m[1]]
		stem := strings.TrimSuffix(strings.TrimSuffix(w, "ください"), "下さい")
		with := c.p.plainRequest(stem)
		if with == "" || strings.HasSuffix(text[:m[0]], "だ") {
			continue
		}
		out = append(out, edit{s.at[at[m[0]]], s.at[at[m[1]]-1] + 1, with + " ください"})
	}
	return out
}

// plainRequest gives the て form of a polite stem: ご記入 → 書いて.
func (p *Plain) plainRequest(stem string) string {
	known := map[string]string{
		"お申し込み": "申し込んで", "お申込み": "申し込んで", "お問い合わせ": "聞いて", "お問合せ": "聞いて", "お越し": "来て", "お書き": "書いて",
		"お読み": "読んで", "お使い": "使って", "お知らせ": "知らせて", "お電話": "電話して", "お話し": "話して", "お話": "話して",
		"ご覧": "見て", "ごらん": "見て", "お聞き": "聞いて", "お尋ね": "聞いて", "お寄せ": "送って", "お送り": "送って", "お選び": "えらんで",
		"お伝え": "つたえて", "お答え": "答えて", "お声かけ": "声を かけて", "お声がけ": "声を かけて",
	}
	if with, ok := known[stem]; ok {
		return with
	}
	noun, ok := strings.CutPrefix(stem, "ご")
	if !ok || len([]rune(noun)) != 2 || !hasHan(noun) {
		return ""
	}
	if w, ok := p.lists.hard[noun]; ok && strings.HasPrefix(w.mend, "する") {
		easy, _, _ := strings.Cut(w.easy, "・")
		return conjugate(easy, w.mend, "て")
	}
	if noun == "遠慮" || noun == "了承" || noun == "容赦" {
		return ""
	}
	return noun + "して"
}

// connectives mends a few words between sentences and nouns.
func (c *checker) connectives(s *sentence) []edit {
	into := map[string]string{
		"または": "か ", "又は": "か ", "もしくは": "か ", "若しくは": "か ", "および": "と ", "及び": "と ", "ならびに": "と ", "並びに": "と ",
		"ただし": "でも", "但し": "でも", "したがって": "だから",
	}
	var out []edit
	for _, m := range c.p.lists.find("R23", s.squeezed) {
		with, ok := into[m.word]
		if !ok || !c.isWord(s, m, "R23") {
			continue
		}
		from, to := s.at[m.start], s.at[m.end-1]+1
		joins := strings.HasSuffix(with, " ")
		if joins {
			if m.start == 0 || s.squeezed[m.start-1] == '、' {
				continue
			}
			for from > 0 && isBlank(c.text[from-1]) {
				from--
			}
			for to < len(c.text) && isBlank(c.text[to]) {
				to++
			}
		} else if m.start != 0 {
			continue
		}
		out = append(out, edit{from, to, with})
	}
	return out
}
