package bot

import (
	"fmt"
	"time"
)

// Tokyo is the only time zone of the product. Japan has had no daylight
// saving since 1951, so a fixed offset is exact and needs no tz database.
var Tokyo = time.FixedZone("JST", 9*60*60)

// Hours are the opening hours of a window or of the desk.
type Hours struct {
	Week     map[string][]Period `yaml:"week"`     // mon … sun; several periods a day
	Holidays []Period            `yaml:"holidays"` // on national holidays; empty: closed
	YearEnd  []string            `yaml:"year_end"` // first and last closed day, MM-DD, e.g. 12-29 and 01-03
	Except   map[string][]Period `yaml:"except"`   // by date YYYY-MM-DD; empty: closed
	Source   string              `yaml:"source"`
	Verified string              `yaml:"verified"`
}

// Known reports whether the hours may be shown as fact.
func (h *Hours) Known() bool { return h != nil && Checked(h.Verified) }

// Period is a time of day, "08:30" to "17:15". To at or before From means that
// it ends on the next day.
type Period struct {
	From string `yaml:"from"`
	To   string `yaml:"to"`
}

var weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// day returns the periods of the day on which t lies.
func (h *Hours) day(t time.Time) []Period {
	date := t.Format(time.DateOnly)
	if p, ok := h.Except[date]; ok {
		return p
	}
	if len(h.YearEnd) == 2 {
		md := t.Format("01-02")
		from, to := h.YearEnd[0], h.YearEnd[1]
		if from <= to && from <= md && md <= to || from > to && (md >= from || md <= to) {
			return nil
		}
	}
	if _, ok := Holiday(t); ok {
		return h.Holidays
	}
	return h.Week[weekdays[t.Weekday()]]
}

// Open reports whether it is open at t, and until when.
func (h *Hours) Open(t time.Time) (until time.Time, open bool) {
	t = t.In(Tokyo)
	for back := range 2 { // a night shift may have begun yesterday
		day := t.AddDate(0, 0, -back)
		for _, p := range h.day(day) {
			from, to, err := p.on(day)
			if err == nil && !t.Before(from) && t.Before(to) && to.After(until) {
				until, open = to, true
			}
		}
	}
	return until, open
}

// Next returns when it opens next after t, false when not within a month.
func (h *Hours) Next(t time.Time) (time.Time, bool) {
	t = t.In(Tokyo)
	for ahead := range 32 {
		day := t.AddDate(0, 0, ahead)
		var first time.Time
		for _, p := range h.day(day) {
			from, _, err := p.on(day)
			if err == nil && from.After(t) && (first.IsZero() || from.Before(first)) {
				first = from
			}
		}
		if !first.IsZero() {
			return first, true
		}
	}
	return time.Time{}, false
}

// Count returns the time d after t, counted in whole days of the desk: a day on
// which it is closed all day does not count, and who comes while it is closed
// is counted from its next opening. Where nobody knows the hours it is simply d
// later.
func (h *Hours) Count(t time.Time, d time.Duration) time.Time {
	t = t.In(Tokyo)
	if _, open := h.Open(t); !open {
		next, ok := h.Next(t)
		if !ok {
			return t.Add(d)
		}
		t = next
	}
	for range 400 { // days; no desk is closed for a year
		y, m, day := t.Date()
		midnight := time.Date(y, m, day+1, 0, 0, 0, 0, Tokyo)
		if len(h.day(t)) == 0 {
			t = midnight
			continue
		}
		if !t.Add(d).After(midnight) {
			return t.Add(d)
		}
		d -= midnight.Sub(t)
		t = midnight
	}
	return t.Add(d)
}

// on returns the period's two ends on the given day.
func (p Period) on(day time.Time) (from, to time.Time, err error) {
	f, err := time.Parse("15:04", p.From)
	if err != nil {
		return from, to, fmt.Errorf("opening time %q is not HH:MM: %w", p.From, err)
	}
	y, m, d := day.Date()
	from = time.Date(y, m, d, f.Hour(), f.Minute(), 0, 0, Tokyo)
	if p.To == "24:00" {
		return from, time.Date(y, m, d+1, 0, 0, 0, 0, Tokyo), nil
	}
	t, err := time.Parse("15:04", p.To)
	if err != nil {
		return from, to, fmt.Errorf("closing time %q is not HH:MM: %w", p.To, err)
	}
	to = time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, Tokyo)
	if !to.After(from) {
		to = to.AddDate(0, 0, 1)
	}
	return from, to, nil
}
