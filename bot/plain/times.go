package plain

import (
	"fmt"
	"strconv"
	"strings"
)

// western turns a year of a Japanese era into the common one: 令和8年 → 2026年.
// "" when the year is not said.
func (p *Plain) western(era string) string {
	base := 0
	rest := era
	for name, first := range map[string]int{"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925} {
		if r, ok := strings.CutPrefix(era, name); ok {
			base, rest = first, r
		}
	}
	year := 1
	if !strings.HasPrefix(rest, "元") {
		n := 0
		for n < len(rest) && isDigit(rune(rest[n])) {
			n++
		}
		var err error
		if year, err = strconv.Atoi(rest[:n]); err != nil || year < 1 || year > 99 {
			return ""
		}
	}
	if base == 0 {
		return ""
	}
	return strconv.Itoa(base+year) + "年"
}

// eraEdits mends eras and dates with signs: R8.5.1, 2026/5/1, 5/1(金).
func (p *Plain) eraEdits(text []rune) []edit {
	s := string(p.mask(text))
	at := newRuneIndex(s)
	var out []edit
	for _, m := range p.rules.eraDate.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > 0 && isLatin(rune(s[m[0]-1])) {
			continue
		}
		if year := p.western(s[m[2]:m[3]]); year != "" {
			out = append(out, edit{at[m[0]], at[m[1]], year + day(s[m[4]:m[5]], s[m[6]:m[7]])})
		}
	}
	for _, m := range p.rules.signDate.FindAllStringSubmatchIndex(s, -1) {
		if d := day(s[m[4]:m[5]], s[m[6]:m[7]]); d != "" {
			out = append(out, edit{at[m[0]], at[m[1]], s[m[2]:m[3]] + "年" + d})
		}
	}
	for _, m := range p.rules.shortDate.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > 0 && (isDigit(rune(s[m[0]-1])) || s[m[0]-1] == '/') {
			continue
		}
		if d := day(s[m[2]:m[3]], s[m[4]:m[5]]); d != "" {
			out = append(out, edit{at[m[0]], at[m[5]], d})
		}
	}
	for _, m := range p.rules.era.FindAllStringIndex(s, -1) {
		if m[0] > 0 && isLatin(rune(s[m[0]-1])) || !strings.HasSuffix(s[m[0]:m[1]], "年") {
			continue
		}
		if year := p.western(s[m[0]:m[1]]); year != "" {
			out = append(out, edit{at[m[0]], at[m[1]], year})
		}
	}
	return out
}

// day writes a month and a day; "" when there is no such day.
func day(month, d string) string {
	m, _ := strconv.Atoi(month)
	n, _ := strconv.Atoi(d)
	if m < 1 || m > 12 || n < 1 || n > 31 {
		return ""
	}
	return fmt.Sprintf("%d月%d日", m, n)
}

// clockWords writes 13:30 as 午後1時30分; "" when there is no such time.
func (p *Plain) clockWords(clock string) string {
	h, m, ok := strings.Cut(clock, ":")
	hour, err := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if !ok || err != nil || err2 != nil || hour > 24 || minute > 59 {
		return ""
	}
	word := ""
	switch {
	case hour == 12:
		word = "昼の 12時"
	case hour == 24 && minute == 0:
		return "夜の 12時"
	case hour == 24:
		return ""
	case hour > 12:
		word = fmt.Sprintf("午後%d時", hour-12)
	default:
		word = fmt.Sprintf("午前%d時", hour)
	}
	if minute > 0 {
		word += fmt.Sprintf("%d分", minute)
	}
	return word
}

// moment reads one time of a match of rules.moment: groups 午前 or 午後, hour,
// minutes after a colon, 時, minutes before 分, 半.
type moment struct {
	half         string
	hour, minute int
	clock        bool // written 13:00
}

func readMoment(s string, g []int) moment {
	part := func(i int) string {
		if g[2*i] < 0 {
			return ""
		}
		return s[g[2*i]:g[2*i+1]]
	}
	m := moment{half: part(0)}
	m.hour, _ = strconv.Atoi(part(1))
	switch {
	case part(2) != "":
		m.minute, _ = strconv.Atoi(part(2))
		m.clock = true
	case part(4) != "":
		m.minute, _ = strconv.Atoi(part(4))
	case part(5) != "":
		m.minute = 30
	}
	return m
}

// words writes a time; "" when it may be morning or evening.
func (m moment) words(p *Plain, day24 bool) string {
	if m.half != "" {
		if m.hour > 12 {
			return ""
		}
		w := fmt.Sprintf("%s%d時", m.half, m.hour)
		if m.minute > 0 {
			w += fmt.Sprintf("%d分", m.minute)
		}
		return w
	}
	if !m.clock && m.hour < 13 && !day24 {
		return ""
	}
	return p.clockWords(fmt.Sprintf("%d:%02d", m.hour, m.minute))
}

// timeEdits mends times and spans of times, days and dates.
func (p *Plain) timeEdits(text []rune) []edit {
	s := string(p.mask(text))
	at := newRuneIndex(s)
	var out []edit
	until := func(end int) string {
		if strings.HasPrefix(s[end:], "です") {
			return "まで "
		}
		return "まで"
	}
	for _, m := range p.rules.momentSpan.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > 0 && isDigit(rune(s[m[0]-1])) {
			continue
		}
		a, b := readMoment(s, m[2:14]), readMoment(s, m[14:26])
		day24 := a.clock || b.clock || a.hour > 12 || b.hour > 12
		from, to := a.words(p, day24), b.words(p, day24)
		if from == "" || to == "" {
			continue
		}
		end := m[1]
		if strings.HasPrefix(s[end:], "まで") {
			end += len("まで")
		}
		out = append(out, edit{at[m[0]], at[end], from + "から " + to + until(end)})
	}
	for _, m := range p.rules.moment.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > 0 && isDigit(rune(s[m[0]-1])) || strings.HasPrefix(s[m[1]:], "間") || strings.HasPrefix(s[m[1]:], "限") || strings.HasPrefix(s[m[1]:], ":") {
			continue
		}
		t := readMoment(s, m[2:14])
		if !t.clock && t.hour < 13 {
			continue
		}
		if w := t.words(p, true); w != "" {
			out = append(out, edit{at[m[0]], at[m[1]], w})
		}
	}
	for _, m := range p.rules.daySpan.FindAllStringSubmatchIndex(s, -1) {
		out = append(out, edit{at[m[0]], at[m[1]], s[m[2]:m[3]] + "から " + s[m[4]:m[5]] + until(m[1])})
	}
	for _, m := range p.rules.weekSpan.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > 0 && strings.HasSuffix(s[:m[0]], "月") {
			continue
		}
		out = append(out, edit{at[m[0]], at[m[1]], s[m[2]:m[3]] + "曜日から " + s[m[4]:m[5]] + "曜日" + until(m[1])})
	}
	return out
}

// mendTimes and mendEras bring a bare text to the form figures are compared in.
func (p *Plain) mendTimes(text string) string {
	return p.mend(text, func(b *bare) []edit { return p.timeEdits(b.text) })
}

func (p *Plain) mendEras(text string) string {
	return p.mend(text, func(b *bare) []edit { return p.eraEdits(b.text) })
}
