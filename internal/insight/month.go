package insight

import (
	"fmt"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Month is a calendar month in Tokyo, 2006-01.
//
// A month is the only period there is. Weeks, or days, beside months would
// make the difference of two reports a few days long, and what is counted in
// it small.
type Month string

const monthLayout = "2006-01"

// MonthOf is the month of a time.
func MonthOf(t time.Time) Month { return Month(t.In(bot.Tokyo).Format(monthLayout)) }

// ParseMonth reads 2026-10. Of a day it takes the month only if the day is its
// first (for a beginning) or its last (for an end): no others are offered.
func ParseMonth(s string, end bool) (Month, error) {
	if t, err := time.ParseInLocation(monthLayout, s, bot.Tokyo); err == nil {
		return MonthOf(t), nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, bot.Tokyo)
	if err != nil {
		return "", fmt.Errorf("%q is no month: write it as 2026-10", s)
	}
	m := MonthOf(t)
	switch {
	case end && t.AddDate(0, 0, 1).Day() != 1:
		return "", fmt.Errorf("%s is not the last day of a month: reports are of whole months, so that no small number can be worked out; write %s", s, m)
	case !end && t.Day() != 1:
		return "", fmt.Errorf("%s is not the first day of a month: reports are of whole months, so that no small number can be worked out; write %s", s, m)
	}
	return m, nil
}

func (m Month) begin() time.Time {
	t, err := time.ParseInLocation(monthLayout, string(m), bot.Tokyo)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Add is the month n months later.
func (m Month) Add(n int) Month { return MonthOf(m.begin().AddDate(0, n, 0)) }

// Days is how many days it has.
func (m Month) Days() int { return int(m.Add(1).begin().Sub(m.begin()).Hours() / 24) }

// Ja is 2026年10月.
func (m Month) Ja() string { t := m.begin(); return fmt.Sprintf("%d年%d月", t.Year(), t.Month()) }

// until counts the months from m to last, both included; 0 when last is
// before m.
func (m Month) until(last Month) int {
	a, b := m.begin(), last.begin()
	return max(0, 12*(b.Year()-a.Year())+int(b.Month())-int(a.Month())+1)
}

// settled is how long after its end a month is not reported yet: what was
// decided in its last seconds may still be on its way into the database, and
// a report that changes by one tells about one.
const settled = time.Hour

// LastMonth is the newest month that is over at a time.
func LastMonth(now time.Time) Month { return MonthOf(now.Add(-settled)).Add(-1) }

// MaxMonths is how many months a report has at most.
const MaxMonths = 24

// Period is the months from From to To, both included.
type Period struct{ From, To Month }

// ParsePeriod reads what somebody asks for. Both empty: the newest month that
// is over; one empty: the other alone.
func ParsePeriod(from, to string, now time.Time) (Period, error) {
	last := LastMonth(now)
	if from == "" && to == "" {
		return Period{last, last}, nil
	}
	p := Period{}
	for _, x := range []struct {
		name, text string
		to         *Month
	}{{"from", from, &p.From}, {"to", to, &p.To}} {
		if x.text == "" {
			continue
		}
		m, err := ParseMonth(x.text, x.name == "to")
		if err != nil {
			return p, &PeriodError{x.name, err}
		}
		if m > last {
			return p, &PeriodError{x.name, fmt.Errorf("%s is not over yet: the newest month there is a report of is %s", m, last)}
		}
		*x.to = m
	}
	if p.From == "" {
		p.From = p.To
	}
	if p.To == "" {
		p.To = p.From
	}
	switch n := p.From.until(p.To); {
	case n == 0:
		return p, &PeriodError{"to", fmt.Errorf("%s is before %s: exchange the two", p.To, p.From)}
	case n > MaxMonths:
		return p, &PeriodError{"from", fmt.Errorf("that is %d months: ask for at most %d at once, such as from %s", n, MaxMonths, p.To.Add(1-MaxMonths))}
	}
	return p, nil
}

// PeriodError is a period there can be no report of, with the mend.
type PeriodError struct {
	Name string // from or to
	Err  error
}

func (e *PeriodError) Error() string { return e.Err.Error() }
func (e *PeriodError) Unwrap() error { return e.Err }

// Months lists them, oldest first.
func (p Period) Months() []Month {
	list := make([]Month, 0, p.From.until(p.To))
	for m := p.From; m <= p.To; m = m.Add(1) {
		list = append(list, m)
	}
	return list
}

// Before is the period of the same length that ends where this begins.
func (p Period) Before() Period {
	n := p.From.until(p.To)
	return Period{p.From.Add(-n), p.From.Add(-1)}
}

// Days is how many days it has.
func (p Period) Days() (n int) {
	for _, m := range p.Months() {
		n += m.Days()
	}
	return n
}

// Ja is 2026年10月, or 2026年8月から2026年10月まで.
func (p Period) Ja() string {
	if p.From == p.To {
		return p.From.Ja()
	}
	return p.From.Ja() + "から" + p.To.Ja() + "まで"
}
