package plain

import (
	"slices"
	"strings"
)

// sense reads token i by what stands around it; false: the sense decides, and
// a program cannot know it. Each case is a word people read in two ways.
func (s *scan) sense(i int) (string, bool) {
	t := s.tokens[i]
	alone := !s.hanBefore(t) && !s.hanAfter(t)
	switch t.base {
	case "行く", "行う", "行なう":
		return s.going(i)
	case "通う", "通る":
		if strings.HasPrefix(t.surface, "通っ") {
			return s.byParticle(i, map[string]string{"に": "かよっ", "へ": "かよっ", "を": "とおっ"})
		}
	case "開く":
		if kana, ok := s.byParticle(i, map[string]string{"が": "あ", "は": "あ", "を": "ひら"}); ok {
			return kana + t.surface[len("開"):], true
		}
		return "", false
	case "止める":
		return "", false
	case "分つ": // an old verb the tokenizer sees in 本人の分と
		p := s.before(i)
		return "ぶん" + strings.TrimPrefix(t.surface, "分"), p >= 0 && s.tokens[p].surface == "の"
	case "何で": // why, or by what
		return "", false
	case "入れる": // put in (いれる), or can go in (はいれる)
		if p := s.before(i); p >= 0 && s.tokens[p].surface == "に" {
			return "", false
		}
	case "入り":
		if n := s.after(i); n >= 0 && (s.tokens[n].surface == "かた" || s.tokens[n].surface == "方") {
			return "はいり", true
		}
	}
	if e, ok := s.p.lexicon.words[t.base]; ok && e.unsure {
		return "", false
	}
	if alone {
		if kana, ok, mine := s.single(i); mine {
			return kana, ok
		}
	}
	if t.person {
		return "", false // 上村 is うえむら or かみむら: ask the person
	}
	if t.end-t.start == 1 && isHan(s.b.text[t.start]) && !alone {
		return s.part(i)
	}
	return t.kana, t.kana != ""
}

// going tells 行った (いった) from 行った (おこなった).
func (s *scan) going(i int) (string, bool) {
	t := s.tokens[i]
	if !strings.HasPrefix(t.surface, "行っ") {
		return t.kana, t.kana != ""
	}
	rest := t.surface[len("行"):]
	p := s.before(i)
	if p < 0 {
		return "い" + rest, true
	}
	switch w := s.tokens[p]; {
	case w.surface == "で":
		if q := s.before(p); q >= 0 && slices.Contains([]string{"車", "電車", "自転車", "バス", "タクシー", "徒歩", "歩き", "人", "一人", "二人", "ひとり", "みんな", "家族"}, s.tokens[q].surface) {
			return "い" + rest, true
		}
	case w.surface == "を":
		if q := s.before(p); q >= 0 && slices.Contains([]string{"道", "通り", "先", "上", "前", "後"}, s.tokens[q].surface) {
			return "い" + rest, true
		}
		return "おこな" + rest, true
	case w.surface == "へ", w.surface == "に", w.surface == "まで", w.surface == "て", w.pos == "動詞", w.pos == "記号", w.pos == "連体詞", w.pos == "接続詞":
		return "い" + rest, true
	}
	return "", false
}

// byParticle chooses by the particle before the word.
func (s *scan) byParticle(i int, kana map[string]string) (string, bool) {
	p := s.before(i)
	if p < 0 {
		return "", false
	}
	k, ok := kana[s.tokens[p].surface]
	if ok && strings.HasSuffix(k, "っ") {
		k += strings.TrimPrefix(s.tokens[i].surface, "通っ")
	}
	return k, ok
}

// single reads one-kanji words that stand alone.
func (s *scan) single(i int) (kana string, ok, mine bool) {
	t := s.tokens[i]
	switch t.surface {
	case "何":
		kana, ok = s.what(i)
		return kana, ok, true
	case "人":
		if t.start > 0 && (isKatakana(s.b.text[t.start-1]) || s.b.text[t.start-1] == 'ー') {
			return "じん", t.sub == "接尾", true // ベトナム人
		}
		return "ひと", true, true
	case "方":
		kana, ok = s.way(i)
		return kana, ok, true
	case "分":
		p := s.before(i)
		return "ぶん", p >= 0 && s.tokens[p].surface == "の", true
	case "中":
		if p := s.before(i); p < 0 || s.tokens[p].surface == "の" || s.tokens[p].pos != "名詞" {
			return "なか", true, true
		}
		return "", false, true
	case "後":
		switch p := s.before(i); {
		case p >= 0 && (s.tokens[p].surface == "た" || s.tokens[p].surface == "だ"):
			return "あと", true, true
		case p >= 0 && s.tokens[p].surface == "の":
			return "あと", true, true
		}
		return "", false, true
	case "間":
		if p := s.before(i); p >= 0 && (s.tokens[p].surface == "の" || s.tokens[p].pos == "動詞" || s.tokens[p].pos == "助動詞" || s.tokens[p].surface == "いる") {
			return "あいだ", true, true
		}
		return "", false, true
	case "月", "火", "水", "木", "金", "土", "日":
		if s.weekdayHere(t) {
			day := map[string]string{"月": "げつ", "火": "か", "水": "すい", "木": "もく", "金": "きん", "土": "ど", "日": "にち"}
			return day[t.surface], true, true
		}
		if s.before(i) < 0 && s.after(i) < 0 {
			return "", false, true // a day of the week on a button, or the thing
		}
		if t.surface == "日" {
			return "ひ", true, true
		}
		if t.surface == "金" {
			return "かね", true, true
		}
	}
	if e, found := s.p.lexicon.words[t.surface]; found {
		return e.kana[0], !e.unsure, true
	}
	return "", false, false
}

// what reads 何 by what follows it.
func (s *scan) what(i int) (string, bool) {
	n := s.after(i)
	if n < 0 {
		return "なに", true
	}
	rest := string(s.b.text[s.tokens[n].start:min(len(s.b.text), s.tokens[n].start+4)])
	switch {
	case strings.HasPrefix(rest, "でも"), strings.HasPrefix(rest, "です"), strings.HasPrefix(rest, "でしょ"), strings.HasPrefix(rest, "だ"),
		strings.HasPrefix(rest, "の"), strings.HasPrefix(rest, "なの"), strings.HasPrefix(rest, "という"), strings.HasPrefix(rest, "て"), strings.HasPrefix(rest, "と"):
		return "なん", true
	case strings.HasPrefix(rest, "で"):
		return "", false
	}
	return "なに", true
}

// way tells a person (かた), a manner (かた) and a direction or a choice (ほう).
func (s *scan) way(i int) (string, bool) {
	p, n := s.before(i), s.after(i)
	if p < 0 {
		return "", false
	}
	before := s.tokens[p]
	if before.pos == "動詞" && strings.HasPrefix(before.form, "連用形") && before.end == s.tokens[i].start {
		return "かた", true
	}
	if before.pos == "名詞" && before.end == s.tokens[i].start && isHiragana(s.b.text[before.end-1]) {
		return "かた", true // 手伝い方
	}
	choice := false
	if n >= 0 && s.tokens[n].surface == "が" {
		if m := s.after(n); m >= 0 && slices.Contains([]string{"いい", "良い", "よい", "よかっ", "多い", "少ない", "安い", "高い", "早い", "速い", "楽", "安心", "大きい", "小さい", "便利", "いく"}, s.tokens[m].surface) {
			choice = true
		}
	}
	if choice {
		return "ほう", true
	}
	if before.surface == "の" {
		if q := s.before(p); q >= 0 && slices.Contains([]string{"左", "右", "上", "下", "前", "後ろ", "東", "西", "南", "北", "こちら", "そちら", "あちら", "どちら"}, s.tokens[q].surface) {
			return "ほう", true
		}
	}
	if n >= 0 && s.tokens[n].surface == "へ" && before.surface == "の" {
		return "", false
	}
	if before.pos == "連体詞" || before.surface == "の" || before.pos == "動詞" || before.pos == "助動詞" || before.pos == "形容詞" {
		return "かた", true
	}
	return "", false
}

// weekdayHere tells (月), 月・水・金 and 月〜金.
func (s *scan) weekdayHere(t token) bool {
	text := s.b.text
	const signs = "（）()・〜、/"
	before, after := ' ', ' '
	if t.start > 0 {
		before = text[t.start-1]
	}
	if t.end < len(text) {
		after = text[t.end]
	}
	if strings.ContainsRune("（(", before) && (strings.ContainsRune("）)", after) || strings.ContainsRune(signs, after)) {
		return true
	}
	if strings.ContainsRune("）)", after) && strings.ContainsRune(signs, before) {
		return true
	}
	day := func(at int) bool {
		return at >= 0 && at < len(text) && strings.ContainsRune("月火水木金土日", text[at])
	}
	return strings.ContainsRune("・〜", before) && day(t.start-2) || strings.ContainsRune("・〜", after) && day(t.end+1)
}

// part reads a single kanji inside a longer run. The dictionary is trusted
// for what it calls a suffix or a prefix, the lexicon for its own suffixes;
// for others the sound may change (-車 しゃ, くるま), so nothing is said.
func (s *scan) part(i int) (string, bool) {
	t := s.tokens[i]
	if e, ok := s.p.lexicon.suffixes[t.surface]; ok && s.hanBefore(t) {
		return e.kana[0], !e.unsure
	}
	switch {
	case t.surface == "日" && t.sub == "接尾" && s.hanBefore(t):
		return "び", true
	case t.surface == "人", t.surface == "方", t.surface == "家", t.surface == "中", t.surface == "月":
		return "", false
	case t.surface == "第":
		return "だい", true
	case t.pos == "接頭詞":
		// 大 is だい or おお, 小 しょう or こ, 親 おや or しん: only these are safe.
		return t.kana, !s.hanBefore(t) && strings.Contains("新各全最未無不非再約同当本高低超副総諸満", t.surface)
	case t.sub == "接尾" && s.hanBefore(t):
		return t.kana, t.kana != ""
	}
	return "", false
}

func (s *scan) hanBefore(t token) bool { return t.start > 0 && isHan(s.b.text[t.start-1]) }
func (s *scan) hanAfter(t token) bool {
	return isHan(s.b.text[t.end-1]) && t.end < len(s.b.text) && isHan(s.b.text[t.end])
}

// before and after find the neighbouring token that is no blank, or -1.
func (s *scan) before(i int) int {
	for i--; i >= 0; i-- {
		if !s.tokens[i].blank {
			return i
		}
	}
	return -1
}

func (s *scan) after(i int) int {
	for i++; i < len(s.tokens); i++ {
		if !s.tokens[i].blank {
			return i
		}
	}
	return -1
}
