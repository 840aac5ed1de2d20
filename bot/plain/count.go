package plain

import "strings"

// byNumber reads digits or kanji numerals with the counter after them, and
// returns how many runes it dealt with.
func (s *scan) byNumber(i, at int) int {
	text := s.b.text
	if isDigit(text[at]) {
		return s.digits(at)
	}
	if !isHan(text[at]) {
		return 0
	}
	if at > 0 && text[at-1] == '}' {
		return s.placeholder(at)
	}
	if at != s.tokens[i].start {
		return 0
	}
	switch text[at] {
	case '何', '数':
		return s.unknown(i, at)
	}
	if s.tokens[i].sub != "数" {
		return 0
	}
	return s.kanjiNumber(i, at)
}

// digits reads the counter after digits; the digits themselves only where
// both are one word: 1人（ひとり）, 20日（はつか）.
func (s *scan) digits(at int) int {
	text := s.b.text
	end := at
	for end < len(text) && (isDigit(text[end]) || text[end] == ',' && end+1 < len(text) && isDigit(text[end+1])) {
		end++
	}
	if end == len(text) || s.taken[end] {
		return end - at
	}
	digits := []rune(strings.ReplaceAll(string(text[at:end]), ",", ""))
	v, ok := s.p.numbers.value(digits)
	c, n, found := s.p.numbers.find(text[end:])
	if !ok || !found || s.anyTaken(end, end+n) {
		return end - at
	}
	stop := end + n
	if s.orSo(at, end) {
		s.take(ruby{start: end, end: stop})
		return stop - at
	}
	if w := s.p.numbers.whole(v, c.word); w != "" {
		s.take(ruby{start: at, end: stop, kana: w, sure: true, number: true})
		return stop - at
	}
	if v == 1 && c.word == "日" {
		if kana := s.firstDay(at, stop); kana != "" {
			s.take(ruby{start: at, end: stop, kana: kana, sure: true, number: true})
		} else {
			s.take(ruby{start: end, end: stop})
		}
		return stop - at
	}
	_, kana := s.p.numbers.together(v, c)
	for _, r := range align(text[end:stop], kana) {
		r.start += end
		r.end += end
		r.number = true
		s.take(r)
	}
	return stop - at
}

// orSo tells 二、三日 (two or three days, に、さんにち): there the counter is not
// read as after one number.
func (s *scan) orSo(at, end int) bool {
	text := s.b.text
	figure := func(i int) bool {
		return i >= 0 && i < len(text) && (isDigit(text[i]) || strings.ContainsRune("一二三四五六七八九十", text[i]))
	}
	mark := func(i int) bool { return i >= 0 && i < len(text) && (text[i] == '、' || text[i] == '・') }
	return mark(at-1) && figure(at-2) || mark(end) && figure(end+1)
}

// firstDay tells the first of a month from a day long; "" when neither is
// certain.
func (s *scan) firstDay(at, stop int) string {
	text := s.b.text
	before := at
	for before > 0 && isBlank(text[before-1]) {
		before--
	}
	if before > 0 && text[before-1] == '月' && before > 1 && (isDigit(text[before-2]) || strings.ContainsRune("一二三四五六七八九十毎", text[before-2])) {
		return "ついたち"
	}
	rest := string(text[stop:min(len(text), stop+6)])
	for _, w := range []string{"中", "以上", "以内", "分", "あたり"} {
		if strings.HasPrefix(rest, w) {
			return "いちにち"
		}
	}
	rest = strings.TrimLeft(rest, " ")
	if n := strings.TrimLeft(rest, "0123456789一二三四五六七八九十数何"); n != rest {
		for _, w := range []string{"回", "食", "錠", "時間", "度"} {
			if strings.HasPrefix(n, w) {
				return "いちにち"
			}
		}
	}
	if after, ok := strings.CutPrefix(rest, "に"); ok {
		if r := []rune(strings.TrimLeft(after, " ")); len(r) > 0 && (isDigit(r[0]) || strings.ContainsRune("一二三四五六七八九十何数", r[0])) {
			return "いちにち"
		}
	}
	return ""
}

// unknown reads 何人, 何分, 数日: a number nobody has named.
func (s *scan) unknown(i, at int) int {
	text := s.b.text
	if s.tokens[i].end > at+1 && s.tokens[i].surface != "何時" {
		return 0 // a word of its own: 何か所 is not, 数字 is
	}
	if at > 0 && isHan(text[at-1]) {
		return 0
	}
	c, n, found := s.p.numbers.find(text[at+1:])
	if !found || !s.edges[at+1+n] || s.anyTaken(at, at+1+n) {
		return 0
	}
	kana := c.kana
	if c.third != "" && c.word != "階" {
		kana = c.third
	}
	if text[at] == '何' {
		if c.change == puffed || c.change == stayed {
			kana = puff(c.kana)
		}
		kana = "なん" + kana
	} else {
		switch c.word {
		case "日":
			kana = "すうじつ"
		case "百", "千", "万", "人", "回", "年", "時間", "か月", "カ月", "ヶ月", "週間", "件", "枚", "円", "万円", "年間", "日間":
			if c.change == doubled || c.word == "人" || c.third != "" {
				kana = c.kana
			}
			kana = "すう" + kana
		case "分":
			kana = "すうふん"
		default:
			return 0
		}
	}
	for _, r := range align(text[at:at+1+n], kana) {
		r.start += at
		r.end += at
		r.number = true
		s.take(r)
	}
	return 1 + n
}

// kanjiNumber reads 二十日, 三百, 一通 as one word each.
func (s *scan) kanjiNumber(i, at int) int {
	text := s.b.text
	end := at
	for j := i; j < len(s.tokens) && s.tokens[j].sub == "数" && s.tokens[j].start == end && isHan(text[end]); j++ {
		end = s.tokens[j].end
	}
	if end == at || s.anyTaken(at, end) || at > 0 && isHan(text[at-1]) && text[at-1] != '第' && text[at-1] != '約' && text[at-1] != '月' {
		return 0
	}
	v, ok := s.p.numbers.value(text[at:end])
	if !ok {
		return 0
	}
	c, n, found := s.p.numbers.find(text[end:])
	stop := end + n
	if s.orSo(at, end) {
		s.take(ruby{start: at, end: stop})
		return stop - at
	}
	if !found || !s.edges[stop] {
		if end < len(text) && isHan(text[end]) {
			return 0
		}
		s.take(ruby{start: at, end: end, kana: s.p.numbers.read(v), sure: true, number: true})
		return end - at
	}
	kana := s.p.numbers.whole(v, c.word)
	if v == 1 && c.word == "日" {
		if kana = s.firstDay(at, stop); kana == "" {
			s.take(ruby{start: at, end: stop})
			return stop - at
		}
	}
	if kana == "" {
		number, count := s.p.numbers.together(v, c)
		kana = number + count
	}
	for _, r := range align(text[at:stop], kana) {
		r.start += at
		r.end += at
		r.number = true
		s.take(r)
	}
	return stop - at
}

// placeholder reads the counter after {minutes} and the like, where it sounds
// the same after every number.
func (s *scan) placeholder(at int) int {
	text := s.b.text
	c, n, found := s.p.numbers.find(text[at:])
	if !found || s.anyTaken(at, at+n) {
		return 0
	}
	sure := c.change == steady && c.word != "人" && c.word != "日" || c.change == doubled && c.third == "" || c.change == stopped && c.third == ""
	if !sure {
		s.take(ruby{start: at, end: at + n})
		return n
	}
	for _, r := range align(text[at:at+n], c.kana) {
		r.start += at
		r.end += at
		r.number = true
		s.take(r)
	}
	return n
}
