package bot

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// exceptionsAhead is how long before an exceptional day it is told.
const exceptionsAhead = 14 * 24 * time.Hour

// hoursWords tells opening hours in the resident's language: days with the
// same hours together, then what differs on holidays and in the next days.
func (t *turn) hoursWords(h *Hours) string {
	week := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	var parts []string
	for len(week) > 0 {
		same := []string{week[0]}
		rest := week[1:]
		for len(rest) > 0 && slices.Equal(h.Week[rest[0]], h.Week[week[0]]) {
			same, rest = append(same, rest[0]), rest[1:]
		}
		if times := t.periodsWords(h.Week[week[0]]); times != "" {
			parts = append(parts, t.reply("hours.days", "days", t.daysWords(same), "times", times))
		}
		week = rest
	}
	if times := t.periodsWords(h.Holidays); times != "" {
		parts = append(parts, t.reply("hours.holidays", "times", times))
	} else {
		parts = append(parts, t.reply("hours.holidays.closed"))
	}
	if len(h.YearEnd) == 2 {
		first, err := time.Parse("01-02", h.YearEnd[0])
		last, err2 := time.Parse("01-02", h.YearEnd[1])
		if err == nil && err2 == nil {
			parts = append(parts, t.reply("hours.year-end", "first", t.monthDay(first), "last", t.monthDay(last)))
		}
	}
	for _, date := range slices.Sorted(maps.Keys(h.Except)) {
		day, err := time.ParseInLocation(time.DateOnly, date, Tokyo)
		if err != nil || day.AddDate(0, 0, 1).Before(t.in.At) || day.Sub(t.in.At) > exceptionsAhead {
			continue
		}
		key, times := "hours.except", t.periodsWords(h.Except[date])
		if times == "" {
			key = "hours.except.closed"
		}
		parts = append(parts, t.reply(key, "date", t.monthDay(day), "times", times))
	}
	return strings.Join(parts, t.reply("hours.and"))
}

// daysWords names days that follow each other: three and more as a range.
func (t *turn) daysWords(days []string) string {
	if n := len(days); n > 2 {
		return t.reply("hours.range", "first", t.reply("weekday."+days[0]), "last", t.reply("weekday."+days[n-1]))
	}
	names := make([]string, 0, len(days))
	for _, d := range days {
		names = append(names, t.reply("weekday."+d))
	}
	return strings.Join(names, t.reply("list.and"))
}

// periodsWords is "" for a closed day, and for times that are none: the check
// finds those.
func (t *turn) periodsWords(periods []Period) string {
	var times []string
	for _, p := range periods {
		from, to, err := p.on(t.in.At.In(Tokyo))
		if err == nil {
			times = append(times, t.reply("hours.period", "from", t.clock(from), "to", t.clock(to)))
		}
	}
	return strings.Join(times, t.reply("list.and"))
}

func (t *turn) monthDay(day time.Time) string { return t.reply("hours.date", t.dateParts(day)...) }
