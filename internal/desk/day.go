package desk

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Day is what staff said about one day: when they answer, whatever the week
// says.
type Day struct {
	Date    string       // 2006-01-02, in Tokyo
	Periods []bot.Period // none: closed
	By      Staff
	At      time.Time
}

// Said in words, a day can be opened, closed, shortened, or left to the week.
var (
	// ErrNoDay reports words that name no hours.
	ErrNoDay = errors.New("no hours were understood")
	// ErrClosedDay reports a day that is to end earlier and is closed anyway.
	ErrClosedDay = errors.New("the day is closed anyway")
	// ErrPastDay reports a day that is over.
	ErrPastDay = errors.New("the day is over")
)

// ReadDay reads what staff type about a day: "きょうは 14時まで", "あした 休み",
// "12/29 10:00-15:00", "2026-12-29 もどす". again asks for the week's own hours.
// usual are the hours in force.
func ReadDay(words string, usual bot.Hours, now time.Time) (d Day, again bool, err error) {
	words = strings.ToLower(norm.NFKC.String(words))
	now = now.In(bot.Tokyo)
	day, rest := dayIn(words, now)
	if rest != words { // "12/29（火曜日）": the day is known already
		rest = weekday.ReplaceAllString(rest, " ")
	}
	d = Day{Date: day.Format(time.DateOnly), At: now}
	switch {
	case otherDay.MatchString(rest): // never another one instead
		return d, false, ErrNoDay
	case d.Date < now.Format(time.DateOnly):
		return d, false, ErrPastDay
	}
	if hasAny(rest, "もどす", "戻す", "もとどおり", "いつもどおり", "いつも通り", "reset", "usual") {
		return d, true, nil
	}
	times := timesIn(rest)
	switch {
	case len(times) == 2:
		if times[0] >= times[1] {
			return d, false, ErrNoDay
		}
		d.Periods = []bot.Period{{From: times[0], To: times[1]}}
	case len(times) == 1 && hasAny(rest, "まで", "until", "till", "-"):
		return cut(d, usual.On(day), "", times[0])
	case len(times) == 1 && hasAny(rest, "から", "from", "~"):
		return cut(d, usual.On(day), times[0], "")
	case len(times) == 0 && hasAny(rest, "休", "やすみ", "閉", "しめ", "closed", "close", "off"):
	default:
		return d, false, ErrNoDay
	}
	return d, false, nil
}

// cut shortens the day's usual hours to what lies after from and before to.
func cut(d Day, usual []bot.Period, from, to string) (Day, bool, error) {
	if len(usual) == 0 {
		return d, false, ErrClosedDay
	}
	for _, p := range usual {
		if p.To <= p.From { // over midnight: only its beginning can be cut here
			p.To = "24:00"
		}
		if from != "" && p.From < from {
			p.From = from
		}
		if to != "" && p.To > to {
			p.To = to
		}
		if p.From < p.To {
			d.Periods = append(d.Periods, p)
		}
	}
	return d, false, nil
}

func hasAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// A day that is named and was not understood is a weekday, a day of no month,
// one that does not exist, the end of a holiday.
var (
	weekday  = regexp.MustCompile(`[月火水木金土日]曜日?|\b(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(days?)?\b`)
	otherDay = regexp.MustCompile(`\d\s*[/月日]|[来翌毎]週|[来翌毎]月|昨日|きのう|\bnext\b|` + weekday.String())
)

// dayIn finds the day that is meant; none named is today.
func dayIn(s string, now time.Time) (day time.Time, rest string) {
	for _, w := range []struct {
		word string
		days int
	}{
		{"きょうは", 0}, {"きょう", 0}, {"今日は", 0}, {"今日", 0}, {"本日は", 0}, {"本日", 0}, {"today", 0}, {"あしたは", 1}, {"あした", 1}, {"明日は", 1}, {"明日", 1},
		{"tomorrow", 1}, {"しあさって", 3}, {"あさっては", 2}, {"あさって", 2}, {"明後日は", 2}, {"明後日", 2},
	} {
		if strings.Contains(s, w.word) && (w.word != "明日" || !strings.Contains(s, "明日後")) {
			return now.AddDate(0, 0, w.days), strings.Replace(s, w.word, " ", 1)
		}
	}
	if m := regexp.MustCompile(`(\d{4})-(\d{1,2})-(\d{1,2})`).FindStringSubmatch(s); m != nil {
		if t, err := time.ParseInLocation("2006-1-2", strings.Join(m[1:], "-"), bot.Tokyo); err == nil {
			return t, strings.Replace(s, m[0], " ", 1)
		}
	}
	if m := regexp.MustCompile(`(\d{1,2})(?:/|月)(\d{1,2})日?(?:は)?`).FindStringSubmatch(s); m != nil {
		t, err := time.ParseInLocation("2006-1-2", fmt.Sprintf("%d-%s-%s", now.Year(), m[1], m[2]), bot.Tokyo)
		if err == nil {
			if t.Format(time.DateOnly) < now.AddDate(0, -6, 0).Format(time.DateOnly) {
				t = t.AddDate(1, 0, 0) // in December, 1/4 is next year's
			}
			return t, strings.Replace(s, m[0], " ", 1)
		}
	}
	return now, s
}

// timesIn lists the times of day named, as 15:04.
func timesIn(s string) (times []string) {
	pattern := regexp.MustCompile(`(午前|午後|am|pm)?\s*(\d{1,2})(?::(\d{2})|時(半|\d{1,2}分?)?|(am|pm))`)
	for _, m := range pattern.FindAllStringSubmatch(s, -1) {
		h, _ := strconv.Atoi(m[2])
		minute := 0
		switch {
		case m[3] != "":
			minute, _ = strconv.Atoi(m[3])
		case m[4] == "半":
			minute = 30
		case m[4] != "":
			minute, _ = strconv.Atoi(strings.TrimSuffix(m[4], "分"))
		}
		if half := m[1] + m[5]; (half == "午後" || half == "pm") && h < 12 {
			h += 12
		}
		if h > 24 || minute > 59 || h == 24 && minute > 0 {
			continue
		}
		times = append(times, fmt.Sprintf("%02d:%02d", h, minute))
	}
	return times
}
