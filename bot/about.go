package bot

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// How much is told at once, so that it can be read on a telephone.
const (
	mostContacts = 4
	mostPlaces   = 2
	mostDays     = 3 // days of outreach
	mostRelated  = 3
)

// tellAbout answers "tell me more" on a window's card: what happens after
// asking, what to bring, and every fact about the window that is verified.
func (t *turn) tellAbout(id string) {
	w := t.c.Window(id)
	if w == nil {
		t.say("stale")
		return
	}
	lines := []string{w.Name.In(t.s.Lang), w.Then.In(t.s.Lang)}
	if s := w.Bring.In(t.s.Lang); s != "" {
		lines = append(lines, t.reply("about.bring", "value", s))
	}
	for _, s := range w.After.statements() {
		if s.Known() {
			lines = append(lines, s.Say.In(t.s.Lang))
		}
	}
	facts := t.facts(w)
	if len(facts) == 0 && w.People {
		facts = []string{t.reply("about.staff")}
	}
	lines = slices.DeleteFunc(append(lines, facts...), func(s string) bool { return s == "" })
	t.show(Text{Text: strings.Join(lines, "\n")})
	if w.People {
		t.choices(Choice{Label: t.reply("button.hand"), Data: "hand:" + w.ID})
	}
	t.choices(t.choice("choice.wrong", "wrong"), t.choice("choice.human", "human"))
	for _, id := range w.Related[:min(len(w.Related), mostRelated)] {
		if r := t.c.Window(id); r != nil && r.Choice != nil {
			t.choices(Choice{Label: r.Choice.In(t.s.Lang), Data: "window:" + id})
		}
	}
}

// here reports whether something for these areas is for this resident.
func (t *turn) here(areas []string) bool { return t.c.serves(areas, t.s.Town) }

// facts are the lines about when, where and how to reach a window, as far as
// somebody has verified them.
func (t *turn) facts(w *Window) []string {
	var lines []string
	if w.Hours.Known() {
		lines = append(lines, t.reply("about.hours", "value", t.hoursWords(w.Hours)))
	}
	if w.Serves.Known() {
		lines = append(lines, t.reply("about.serves", "value", t.areasWords(w.Serves.Areas)))
	}
	lines = append(lines, t.contactLines(w)...)
	lines = append(lines, t.placeLines(w)...)
	var spoken []string
	for _, s := range w.Spoken {
		if !s.Known() {
			continue
		}
		name := t.c.Reply(s.Lang, "language.name")
		if when := s.When.In(t.s.Lang); when != "" {
			name += t.reply("hotline.notes", "notes", when)
		}
		spoken = append(spoken, name)
	}
	if len(spoken) > 0 {
		lines = append(lines, t.reply("about.languages", "value", strings.Join(spoken, t.reply("list.and"))))
	}
	return append(lines, t.outreachLines(w)...)
}

// areasWords names areas, with their towns where the map of areas is verified.
func (t *turn) areasWords(ids []string) string {
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		a := t.c.Area(id)
		if a == nil {
			continue
		}
		name := a.Name.In(t.s.Lang)
		var towns []string
		for i := range t.c.Towns {
			if town := &t.c.Towns[i]; a.Known() && town.Area == id {
				towns = append(towns, t.townName(town.ID))
			}
		}
		if len(towns) > 0 {
			name += t.reply("hotline.notes", "notes", strings.Join(towns, t.reply("list.and")))
		}
		names = append(names, name)
	}
	return strings.Join(names, t.reply("list.and"))
}

func (t *turn) contactLines(w *Window) []string {
	var lines []string
	for _, c := range w.Contacts {
		if c.Known() && t.here(c.Areas) && len(lines) < mostContacts {
			lines = append(lines, t.reply("about.contact", "label", c.Label.In(t.s.Lang), "value", c.Value))
		}
	}
	return lines
}

func (t *turn) placeLines(w *Window) []string {
	var lines []string
	places := 0
	for i := range w.Places {
		p := &w.Places[i]
		if !p.Known() || !t.here(p.Areas) || places == mostPlaces {
			continue
		}
		places++
		lines = append(lines, t.reply("about.place", "name", p.Name.In(t.s.Lang), "address", p.Address))
		if s := p.Way.In(t.s.Lang); s != "" {
			lines = append(lines, s)
		}
		if link := t.mapLink(p.Lat, p.Lon); link != "" {
			lines = append(lines, link)
		}
		lines = append(lines, t.accessLines(p)...)
	}
	return lines
}

func (t *turn) accessLines(p *Place) []string {
	var access []string
	for _, a := range p.Access {
		if a.Known() {
			access = append(access, t.reply("access."+a.ID))
		}
	}
	if len(access) == 0 {
		return nil
	}
	return []string{t.reply("about.access", "value", strings.Join(access, t.reply("list.and")))}
}

// degrees writes a coordinate to about a metre.
func degrees(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }

// outreachLines are the next days on which staff come near. The window of all
// outreach days tells those of every window.
func (t *turn) outreachLines(w *Window) []string {
	var lines []string
	for _, day := range t.outreachDays(w) {
		lines = append(lines, t.outreachLine(day))
	}
	if len(lines) > 0 {
		lines = append([]string{t.reply("about.outreach.head")}, lines...)
	}
	return lines
}

func (t *turn) outreachLine(day outreachDay) string {
	o := day.Outreach
	place := o.Place.In(t.s.Lang)
	if o.Address != "" {
		place += t.reply("hotline.notes", "notes", o.Address)
	}
	line := t.reply("about.outreach", "when", t.when(day.from), "until", t.clock(day.to), "place", place)
	switch {
	case o.Cancelled:
		line += t.reply("about.outreach.off")
	case o.Book:
		line += t.reply("about.outreach.book")
	default:
		line += t.reply("about.outreach.free")
	}
	return line + o.About.In(t.s.Lang)
}

// outreachDay is an outreach with its times.
type outreachDay struct {
	Outreach
	from, to time.Time
}

// outreachDays are the next verified days for this resident, nearest first.
// Those for their own area come before those for everybody on the same day.
func (t *turn) outreachDays(w *Window) []outreachDay {
	windows := []*Window{w}
	if w.ID == "outreach-consult" {
		for i := range t.c.Windows {
			if other := &t.c.Windows[i]; other.ID != w.ID {
				windows = append(windows, other)
			}
		}
	}
	var days []outreachDay
	for _, window := range windows {
		for _, o := range window.Outreach {
			from, to, err := o.times()
			if err == nil && o.Known() && t.here(o.Areas) && to.After(t.in.At) {
				days = append(days, outreachDay{o, from, to})
			}
		}
	}
	slices.SortStableFunc(days, func(a, b outreachDay) int {
		return cmp.Or(a.from.Compare(b.from), cmp.Compare(len(b.Areas), len(a.Areas)))
	})
	return days[:min(len(days), mostDays)]
}
