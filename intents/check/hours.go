package check

import (
	"slices"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// longestNight is how long a shift over midnight may be before its times look
// swapped.
const longestNight = 12 * time.Hour

// longestAfter is how many days after the end of a case its resident may still
// be asked how things are: later it is no follow-up but a surprise.
const longestAfter = 180

// hours looks at every opening hour: the desk's and the windows'.
func (c *checker) hours() {
	c.hoursOf("city.yaml", "desk", &c.c.City.Desk)
	if len(c.c.City.Desk.Week) == 0 {
		c.fail("city.yaml", "desk", "write on which days and when staff answer", "the desk is never open")
	}
	last := 0
	for i, n := range c.c.City.After.Days {
		p := at("after.days", i)
		switch {
		case n <= 0 || n > longestAfter:
			c.fail("city.yaml", p, "write days after the end, 1 to 180", "nobody can be asked %d days after the end", n)
		case n <= last:
			c.fail("city.yaml", p, "write the days in their order, each once", "%d does not come after %d", n, last)
		}
		last = n
	}
	for _, f := range c.pack.Files {
		if w, ok := f.Into.(*bot.Window); ok && w.Hours != nil {
			c.hoursOf(f.Name, "hours", w.Hours)
		}
	}
}

func (c *checker) hoursOf(file, p string, h *bot.Hours) {
	for _, day := range sorted(h.Week) {
		c.periods(file, join(p+".week", day), h.Week[day])
	}
	c.periods(file, p+".holidays", h.Holidays)
	for _, date := range sorted(h.Except) {
		path := join(p+".except", date)
		c.periods(file, path, h.Except[date])
		c.date(file, path, date, "take it away")
	}
	if len(h.YearEnd) == 0 {
		return
	}
	ok := len(h.YearEnd) == 2
	for _, md := range h.YearEnd {
		if _, err := time.Parse("2006-01-02", "2028-"+md); err != nil {
			ok = false
		}
	}
	if !ok {
		c.fail(file, p+".year_end", `write the first and the last closed day: ["12-29", "01-03"]`, "year_end is %v", h.YearEnd)
	}
}

// date is a day on which something is to be; it must be one, and not over.
func (c *checker) date(file, path, date, mend string) bool {
	day, err := time.ParseInLocation(time.DateOnly, date, bot.Tokyo)
	if err != nil {
		c.fail(file, path, "write it as 2026-12-01", "%q is no day", date)
		return false
	}
	if !c.o.Now.IsZero() && day.AddDate(0, 0, 1).Before(c.o.Now) {
		c.add(Finding{Level: Error, Timely: true, Problem: intents.Problem{File: file, Line: c.line(file, path), Text: date + " has passed", Mend: mend}})
	}
	return true
}

type span struct{ from, to time.Duration }

func (c *checker) periods(file, path string, periods []bot.Period) {
	var spans []span
	for i, p := range periods {
		s, ok := c.period(file, at(path, i), p)
		if ok {
			spans = append(spans, s)
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return int(a.from - b.from) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			c.fail(file, path, "write each time once", "the opening hours overlap")
		}
	}
}

func (c *checker) period(file, path string, p bot.Period) (span, bool) {
	from, ok := clock(p.From)
	to, ok2 := clock(p.To)
	if !ok || !ok2 || p.From == "24:00" {
		c.fail(file, path, `write {from: "08:30", to: "17:15"}`, "%q to %q are no times", p.From, p.To)
		return span{}, false
	}
	if from == to {
		c.fail(file, path, `write {from: "00:00", to: "24:00"} for the whole day`, "it opens and closes at %s", p.From)
		return span{}, false
	}
	if to < from {
		to += 24 * time.Hour
		if to-from > longestNight {
			c.fail(file, path, "swap from and to", "%s to %s would be open for %v, over midnight", p.From, p.To, to-from)
			return span{}, false
		}
	}
	return span{from, to}, true
}

// clock reads HH:MM, up to 24:00.
func clock(s string) (time.Duration, bool) {
	if s == "24:00" {
		return 24 * time.Hour, true
	}
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != 5 {
		return 0, false
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, true
}

// outreach looks at the days on which staff come to a place in town.
func (c *checker) outreach() {
	for _, f := range c.pack.Files {
		w, ok := f.Into.(*bot.Window)
		if !ok {
			continue
		}
		for i, o := range w.Outreach {
			p := at("outreach", i)
			if c.date(f.Name, p+".date", o.Date, "take it away, or write the next day") {
				c.period(f.Name, p, bot.Period{From: o.From, To: o.To})
			}
			if len(o.Place) == 0 {
				c.fail(f.Name, p, "write place: in all six languages", "nobody can find it: there is no place")
			}
			c.knownAreas(f.Name, p+".areas", o.Areas)
		}
	}
}
