package insight

import (
	"slices"
	"strconv"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// Options of a report.
type Options struct {
	Content *bot.Content // for names, and for which windows, towns and areas there are
	Period  Period
	Made    time.Time
	// Since is the first month anything was counted in. It may have begun in its
	// middle, so that nothing is compared with it; empty: nothing is compared.
	Since Month
	// Judged is what staff decided about the months of the period.
	Judged []Judgement
	// Sample says that the figures are made up.
	Sample bool
}

// Report is what may leave the office about some months. Every figure in it is
// hidden already; each month by itself, so that two reports with months in
// common say no more together than each month does.
type Report struct {
	Options
	Months []Sheet // of the period, oldest first
	Prior  []Sheet // of the one before; nil: it is not compared
	names  names
}

// Sheet is one month.
type Sheet struct {
	Month Month
	parts map[Measure]part
}

// part is one measure of one month.
type part struct {
	total Figure
	lines map[By][]Cell
}

// Cell is one figure of a line: the part A of what B names.
type Cell struct {
	A, B string
	Figure
}

// ByArea splits cases by area: the sums of ByTown, which are not kept twice.
const ByArea By = "area"

// New makes the report of a period from the tallies of it and the one before.
// Tallies of other months are passed over.
func New(o Options, tallies []Tally) Report {
	r := Report{Options: o, names: namesOf(o.Content)}
	months := map[Month][]Tally{}
	for _, t := range tallies {
		months[t.Month] = append(months[t.Month], t)
	}
	for _, m := range o.Period.Months() {
		r.Months = append(r.Months, r.names.sheet(m, months[m]))
	}
	if before := o.Period.Before(); o.Since != "" && before.From > o.Since {
		for _, m := range before.Months() {
			r.Prior = append(r.Prior, r.names.sheet(m, months[m]))
		}
	}
	return r
}

// sheet hides one month.
func (w names) sheet(m Month, tallies []Tally) Sheet {
	type key struct {
		measure Measure
		by      By
		a, b    string
	}
	n := map[key]int{}
	pairs := map[Measure][][2]string{}
	moved := map[string]bool{} // areas with towns that lie elsewhere by now
	for _, t := range tallies {
		if t.By == ByTown {
			t.B = w.known(w.areas, t.B)
			if t.A = w.known(w.townsOf[t.B], t.A); t.A == "" && t.B != "" {
				moved[t.B] = true
			}
			n[key{t.Measure, ByArea, t.B, ""}] += t.N
		}
		switch t.By {
		case ByWindow:
			t.A = w.known(w.windows, t.A)
		case ByPlace:
			t.A, t.B = w.known(w.areas, t.A), w.known(w.windows, t.B)
		case ByKind:
			t.A = w.known(w.kinds[t.Measure], t.A)
		case ByLang:
			t.A = w.known(w.langs, t.A)
		case ByPair:
			t.A, t.B = w.known(w.windows, t.A), w.known(w.windows, t.B)
			if !slices.Contains(pairs[t.Measure], [2]string{t.A, t.B}) {
				pairs[t.Measure] = append(pairs[t.Measure], [2]string{t.A, t.B})
			}
		case ByAll, ByTown, ByArea, ByWeekday, ByHours, ByDesk:
		}
		n[key{t.Measure, t.By, t.A, t.B}] += t.N
	}
	s := Sheet{Month: m, parts: map[Measure]part{}}
	for _, measure := range Measures {
		get := func(by By, a, b string) int { return n[key{measure, by, a, b}] }
		total := get(ByAll, "", "")
		p := part{total: figure(total, hideTotal(total)), lines: map[By][]Cell{}}
		s.parts[measure] = p
		if few(total) {
			continue
		}
		for _, by := range splits[measure] {
			switch by {
			case ByAll:
			case ByTown:
				p.lines[ByArea] = lineOf(w.areas, "", func(a string) int { return get(ByArea, a, "") })
				towns := func(area string) []string {
					if moved[area] {
						return append(slices.Clone(w.townsOf[area]), "")
					}
					return w.townsOf[area]
				}
				p.lines[by] = below(p.lines[ByArea], towns, func(town, area string) int { return get(by, town, area) })
			case ByPlace:
				p.lines[by] = below(p.lines[ByWindow], func(string) []string { return w.areas }, func(area, window string) int { return get(by, area, window) })
			case ByPair:
				p.lines[by] = w.pairs(pairs[measure], func(a, b string) int { return get(by, a, b) })
			default:
				keys := w.universe(measure, by)
				if by != ByWindow && get(by, "", "") > 0 { // what the pack has no name for any more
					keys = append(slices.Clone(keys), "")
				}
				p.lines[by] = lineOf(keys, "", func(a string) int { return get(by, a, "") })
			}
		}
	}
	return s
}

// lineOf hides a line whose parts are keys.
func lineOf(keys []string, of string, n func(key string) int) []Cell {
	line := make([]int, len(keys))
	for i, k := range keys {
		line[i] = n(k)
	}
	cells := make([]Cell, len(keys))
	for i, m := range hideLine(line) {
		cells[i] = Cell{A: keys[i], B: of, Figure: figure(line[i], m)}
	}
	return cells
}

// below splits each part of a line further. What is hidden stays hidden whole.
func below(line []Cell, keys func(of string) []string, n func(key, of string) int) (cells []Cell) {
	for _, parent := range line {
		if parent.Mark == Shown {
			cells = append(cells, lineOf(keys(parent.A), parent.A, func(key string) int { return n(key, parent.A) })...)
			continue
		}
		for _, key := range keys(parent.A) {
			cells = append(cells, Cell{A: key, B: parent.A, Figure: figure(0, parent.Mark)})
		}
	}
	return cells
}

// pairs hides a line of pairs. There are a thousand that could be: only those
// of at least Fewest are named.
func (w names) pairs(found [][2]string, n func(a, b string) int) (cells []Cell) {
	slices.SortFunc(found, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	could := len(w.windows) * (len(w.windows) - 1) / 2
	line := make([]int, max(could, len(found)))
	for i, p := range found {
		line[i] = n(p[0], p[1])
	}
	for i, m := range hideLine(line)[:len(found)] {
		if !few(line[i]) {
			cells = append(cells, Cell{found[i][0], found[i][1], figure(line[i], m)})
		}
	}
	return cells
}

// universe are the parts there are of a split: also those of which there were
// none, for a part that is only there when somebody is in it says so.
func (w names) universe(m Measure, by By) []string {
	switch by {
	case ByWindow:
		return w.windows
	case ByLang:
		return w.langs
	case ByWeekday:
		return []string{"1", "2", "3", "4", "5", "6", "7"}
	case ByHours:
		var list []string
		for _, hour := range dayBands[:len(dayBands)-1] {
			list = append(list, hoursOf(hour))
		}
		return list
	case ByDesk:
		return []string{"open", "closed"}
	case ByKind:
		return w.kinds[m]
	case ByAll, ByTown, ByArea, ByPlace, ByPair:
	}
	return nil
}

// Sum is a figure of several months.
type Sum struct {
	Figure
	AtLeast bool // some of the months are hidden: there were more, or none
}

// Text is the sum for people.
func (s Sum) Text() string {
	switch {
	case s.AtLeast:
		return strconv.Itoa(s.N) + "以上"
	case s.Mark == Few:
		return "<5"
	case s.Mark == Withheld:
		return "伏せ"
	}
	return strconv.Itoa(s.N)
}

// Exact reports a sum that is shown whole.
func (s Sum) Exact() bool { return s.Mark == Shown && !s.AtLeast }

// sum adds up what the months show, and nothing else.
func sum(sheets []Sheet, figure func(Sheet) Figure) Sum {
	s, shown, hidden := Sum{}, 0, 0
	for _, sheet := range sheets {
		f := figure(sheet)
		if f.Mark != Shown {
			hidden++
			s.Mark = f.Mark
			continue
		}
		s.N += f.N
		if f.N > 0 {
			shown++
		}
	}
	switch {
	case hidden == 0:
	case shown > 0:
		s.Mark, s.AtLeast = Shown, true
	case len(sheets) > 1: // several below five can be more than four together
		s.Mark = Withheld
	}
	return s
}

// figure finds one of a sheet. What a hidden total is split into is hidden as
// it is.
func (s Sheet) figure(m Measure, by By, a, b string) Figure {
	p := s.parts[m]
	if by == ByAll || p.total.Mark != Shown {
		return p.total
	}
	i := slices.IndexFunc(p.lines[by], func(c Cell) bool { return c.A == a && c.B == b })
	if i < 0 {
		if by == ByPair { // which are not named are below five
			return Figure{Mark: Few}
		}
		return Figure{}
	}
	return p.lines[by][i].Figure
}

// Now is a figure of the period, and Then of the one before.
func (r Report) now(m Measure, by By, a, b string) Sum {
	return sum(r.Months, func(s Sheet) Figure { return s.figure(m, by, a, b) })
}

func (r Report) then(m Measure, by By, a, b string) Sum {
	return sum(r.Prior, func(s Sheet) Figure { return s.figure(m, by, a, b) })
}

// Empty reports that nothing was counted in the period.
func (r Report) Empty() bool {
	for _, m := range Measures {
		if s := r.now(m, ByAll, "", ""); s.Mark != Shown || s.N > 0 {
			return false
		}
	}
	return true
}

var kindsOf = map[Measure][]string{
	First:  {"1h", "4h", "24h", "later"},
	Moved:  moveNames,
	Closed: {desk.Resolved, desk.Connected, desk.Elsewhere, desk.NoAnswer, desk.Mistake, noOutcome},
	Rated:  {"3", "2", "1"},
}
