package plain

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// calendar names the dates (R18) and times (R19) that Fix can write in words.
func (c *checker) calendar() {
	c.mended = make([]bool, len(c.text)+1)
	for _, e := range c.p.eraEdits(c.text) {
		c.name(e, "R18", "日の書きかたが むずかしいです")
	}
	for _, e := range c.p.timeEdits(c.text) {
		c.name(e, "R19", "時間や日の書きかたが むずかしいです")
	}
}

func (c *checker) name(e edit, rule, what string) {
	if c.covered(e.start, e.end) {
		return
	}
	for i := e.start; i < e.end; i++ {
		c.mended[i] = true
	}
	c.report(rule, Error, e.start, e.end, what, strings.TrimSpace(e.with))
}

func (c *checker) covered(start, end int) bool {
	for i := start; i < end; i++ {
		if c.mended[i] {
			return true
		}
	}
	return false
}

// dates is R18, for what calendar has not named.
func (c *checker) dates(s *sentence) {
	text := s.text()
	at := newRuneIndex(text)
	in := func(sev Severity, m []int, what, suggestion string) {
		if from, to := at[m[0]], at[m[1]]; !c.covered(s.at[from], s.at[to-1]+1) {
			c.in(s, "R18", sev, from, to, what, suggestion)
		}
	}
	if m := c.p.rules.era.FindStringIndex(text); m != nil && (m[0] == 0 || !isLatin(rune(text[m[0]-1]))) {
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

// times is R19, for what calendar has not named.
func (c *checker) times(s *sentence) {
	text := s.text()
	at := newRuneIndex(text)
	in := func(sev Severity, from, to int, what, suggestion string) {
		if a, b := at[from], at[to]; !c.covered(s.at[a], s.at[b-1]+1) {
			c.in(s, "R19", sev, a, b, what, suggestion)
		}
	}
	for _, m := range c.p.rules.clock.FindAllStringIndex(text, -1) {
		in(Error, m[0], m[1], "時間を「:」で書いています", c.p.clockWords(text[m[0]:m[1]]))
	}
	for _, m := range c.p.rules.span.FindAllStringIndex(text, -1) {
		in(Error, m[0], m[1], "「〜」で続けています", "「〜から 〜まで」と書いてください")
	}
	for _, m := range c.p.rules.hour.FindAllStringSubmatchIndex(text, -1) {
		hour, _ := strconv.Atoi(text[m[2]:m[3]])
		if rest := text[m[1]:]; strings.HasPrefix(rest, "間") || strings.HasPrefix(rest, "限") {
			continue
		}
		half := halfOfDay(text[max(0, m[0]-len("午前の中の日の")):m[0]])
		switch {
		case hour >= 13:
			in(Error, m[0], m[1], "13時から24時の書きかたです", c.p.clockWords(text[m[2]:m[3]]+":00"))
		case hour == 12 && !half:
			in(Error, m[0], m[1], "昼か夜か わかりません", "昼の 12時")
		case !half:
			in(Warning, m[0], m[1], "午前か午後か わかりません", "午前"+text[m[0]:m[1]]+" か 午後"+text[m[0]:m[1]])
		}
	}
}

// halfOfDay tells whether the words before a time say which half of the day.
func halfOfDay(before string) bool {
	for _, w := range []string{"午", "ごぜん", "ごご", "朝", "夜", "昼", "夕", "ひる", "よる", "あさ"} {
		if strings.Contains(before, w) {
			return true
		}
	}
	return false
}
