package plain

import (
	"strconv"
	"strings"
)

// numbers reads numbers and counters.
type numbers struct {
	counters map[string]counter
	longest  int // runes of the longest counter
	days     map[int]string
}

func newNumbers() *numbers {
	n := &numbers{counters: map[string]counter{}, days: map[int]string{
		2: "ふつか", 3: "みっか", 4: "よっか", 5: "いつか", 6: "むいか", 7: "なのか", 8: "ようか",
		9: "ここのか", 10: "とおか", 14: "じゅうよっか", 20: "はつか", 24: "にじゅうよっか",
	}}
	for _, c := range counterTable() {
		n.counters[c.word] = c
		n.longest = max(n.longest, len([]rune(c.word)))
	}
	return n
}

// find returns the longest counter at the beginning of rest.
func (n *numbers) find(rest []rune) (counter, int, bool) {
	for l := min(n.longest, len(rest)); l > 0; l-- {
		if c, ok := n.counters[string(rest[:l])]; ok {
			return c, l, true
		}
	}
	return counter{}, 0, false
}

// whole is the reading of number and counter together when it cannot be
// divided (ひとり, はつか), else "". The first of a month is ついたち, a day long
// is いちにち: 1日 is left to the caller.
func (n *numbers) whole(v int, word string) string {
	switch word {
	case "人":
		return [...]string{"", "ひとり", "ふたり"}[min(max(v, 0), 3)%3]
	case "人目":
		return [...]string{"", "ひとりめ", "ふたりめ"}[min(max(v, 0), 3)%3]
	case "日":
		return n.days[v]
	case "日間", "日目", "日前", "日後":
		if d := n.days[v]; d != "" {
			return d + map[string]string{"日間": "かん", "日目": "め", "日前": "まえ", "日後": "ご"}[word]
		}
	case "歳", "才":
		if v == 20 {
			return "はたち"
		}
	}
	return ""
}

// together reads a number and its counter: いっ+かい, さん+ぼん.
func (n *numbers) together(v int, c counter) (number, count string) {
	number, count = n.read(v), c.kana
	last := v % 10
	round := last == 0 && v > 0 // ends in 十, 百, 千 or 万
	switch last {
	case 4:
		if c.four != "" {
			number = strings.TrimSuffix(number, "よん") + c.four
		}
	case 7:
		if c.seven != "" {
			number = strings.TrimSuffix(number, "なな") + c.seven
		}
	case 9:
		if c.nine != "" {
			number = strings.TrimSuffix(number, "きゅう") + c.nine
		}
	}
	if c.third != "" && (last == 3 || v == 1000 || v == 10000) {
		count = c.third
	}
	if c.change == steady {
		return number, count
	}
	six := c.change != stopped && last == 6
	hundred := c.change != stopped && round && v%100 == 0 && v%1000 != 0
	small := last == 1 || last == 8 || six || round && v%100 != 0 || hundred
	if small {
		number = shorten(number)
	}
	switch c.change {
	case halved, stayed, puffed:
		if small {
			count = puff(c.kana)
		}
		if c.change == stayed && (last == 3 || last == 4) || c.change == puffed && (last == 3 || last == 4 || v == 1000 || v == 10000) {
			count = puff(c.kana)
		}
	default:
	}
	return number, count
}

// shorten closes the last syllable: いち→いっ, ろく→ろっ, じゅう→じゅっ.
func shorten(s string) string {
	for _, end := range []string{"いち", "はち", "ろく", "ひゃく", "びゃく", "ぴゃく", "じゅう"} {
		if strings.HasSuffix(s, end) {
			rs := []rune(s)
			return string(rs[:len(rs)-1]) + "っ"
		}
	}
	return s
}

// puff gives the first kana its half-voiced form: ふん→ぷん.
func puff(s string) string {
	rs := []rune(s)
	if i := strings.IndexRune("はひふへほ", rs[0]); i >= 0 {
		rs[0] = []rune("ぱぴぷぺぽ")[i/len("は")]
	}
	return string(rs)
}

// KanaOfDay is how the counter of a day of the month is read where the day
// stands in digits before it, 1 to 31: 11日（にち）, 20日（はつか）.
func KanaOfDay(day int) string {
	if day == 1 {
		return "ついたち"
	}
	n := newNumbers()
	if w := n.whole(day, "日"); w != "" {
		return w
	}
	return "にち"
}

// KanaOfMinutes is how 分 is read after a number of minutes: 15分（ふん）,
// 30分（ぷん）.
func KanaOfMinutes(minutes int) string {
	n := newNumbers()
	_, kana := n.together(minutes, n.counters["分"])
	return kana
}

// read reads a number below 100,000,000; "" for others.
func (n *numbers) read(v int) string {
	if v < 0 || v >= 100_000_000 {
		return ""
	}
	if v == 0 {
		return "ぜろ"
	}
	var b strings.Builder
	if v >= 10_000 {
		b.WriteString(n.read(v / 10_000))
		b.WriteString("まん")
		v %= 10_000
	}
	digit := [...]string{"", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"}
	thousands := map[int]string{1: "せん", 3: "さんぜん", 8: "はっせん"}
	hundreds := map[int]string{1: "ひゃく", 3: "さんびゃく", 6: "ろっぴゃく", 8: "はっぴゃく"}
	if d := v / 1000; d > 0 {
		if s, ok := thousands[d]; ok {
			b.WriteString(s)
		} else {
			b.WriteString(digit[d] + "せん")
		}
	}
	if d := v / 100 % 10; d > 0 {
		if s, ok := hundreds[d]; ok {
			b.WriteString(s)
		} else {
			b.WriteString(digit[d] + "ひゃく")
		}
	}
	if d := v / 10 % 10; d > 1 {
		b.WriteString(digit[d] + "じゅう")
	} else if d == 1 {
		b.WriteString("じゅう")
	}
	b.WriteString(digit[v%10])
	return b.String()
}

// value reads digits or kanji numerals; false when it is no number.
func (n *numbers) value(rs []rune) (int, bool) {
	if len(rs) == 0 || len(rs) > 9 {
		return 0, false
	}
	if isDigit(rs[0]) {
		v, err := strconv.Atoi(string(rs))
		return v, err == nil
	}
	total, part, digit := 0, 0, -1
	for _, r := range rs {
		d := strings.IndexRune("〇一二三四五六七八九", r)
		switch {
		case d >= 0:
			if digit > 0 || digit == 0 && d > 0 {
				return 0, false // 二〇二六: read digit by digit, by a person
			}
			digit = d / len("一")
		case r == '十' || r == '百' || r == '千':
			unit := map[rune]int{'十': 10, '百': 100, '千': 1000}[r]
			part += max(digit, 1) * unit
			digit = -1
		case r == '万':
			total = (part + max(digit, 0)) * 10_000
			part, digit = 0, -1
		default:
			return 0, false
		}
	}
	return total + part + max(digit, 0), true
}

// coversDigits tells whether kana read the digits too: 20日（はつか）,
// 15分（じゅうごふん）, but not 15分（ふん）.
func (n *numbers) coversDigits(digits, word []rune, kana string) bool {
	v, ok := n.value(digits)
	if !ok {
		return false
	}
	if w := n.whole(v, string(word)); w != "" && w == kana {
		return true
	}
	if v == 1 && string(word) == "日" {
		return kana == "ついたち" || kana == "いちにち"
	}
	if c, ok := n.counters[string(word)]; ok {
		number, count := n.together(v, c)
		return kana == number+count
	}
	first := n.read(v)
	return first != "" && strings.HasPrefix(kana, first) && len(kana) > len(first)+len("か")
}
