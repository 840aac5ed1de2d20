package bot

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// The kinds of Handout.
const (
	HandPlace    = "place"    // where one can go to a window
	HandDay      = "day"      // staff of a window come to a place in town
	HandFacility = "facility" // a row of the city's 公共施設一覧
	HandShelter  = "shelter"  // a row of the city's 指定緊急避難場所一覧
)

// Handout is a place or a day of the pack that staff can hand to a resident as
// a card. Only what somebody verified is one.
type Handout struct {
	Show string // as StaffReplied.Show names it; small letters, which no mask takes for a number
	Kind string
	Name string // for staff, in Japanese
	Kana string // to sort by; the name when it is not known

	place    *Place
	day      *Outreach
	window   *Window // of a place or day
	facility *Facility
	shelter  *Shelter
}

// Handouts are all that staff can send at a time, places first, then days by
// date, then the city's lists by their reading. Days that are over, or do not
// take place, are left out, and shelters that are meant for nothing.
func (c *Content) Handouts(at time.Time) []Handout {
	var places, days, lists []Handout
	for i := range c.Windows {
		w := &c.Windows[i]
		for j := range w.Places {
			if p := &w.Places[j]; p.Known() {
				places = append(places, hand(Handout{Kind: HandPlace, Name: p.Name.In(Ja), window: w, place: p}, p.Address))
			}
		}
		for j := range w.Outreach {
			o := &w.Outreach[j]
			if _, to, err := o.times(); err == nil && o.Known() && !o.Cancelled && to.After(at) {
				days = append(days, hand(Handout{Kind: HandDay, Name: o.Date + " " + o.From + " " + o.Place.In(Ja), window: w, day: o}, w.ID))
			}
		}
	}
	if c.Lists.Facilities.Known() {
		for i := range c.Facilities {
			f := &c.Facilities[i]
			lists = append(lists, hand(Handout{Kind: HandFacility, Name: f.Name, Kana: f.Kana, facility: f}, f.Address))
		}
	}
	if c.Lists.Shelters.Known() {
		for i := range c.Shelters {
			if s := &c.Shelters[i]; len(s.Hazards) > 0 {
				lists = append(lists, hand(Handout{Kind: HandShelter, Name: s.Name, Kana: s.Kana, shelter: s}, s.Address))
			}
		}
	}
	slices.SortStableFunc(days, func(a, b Handout) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortStableFunc(lists, func(a, b Handout) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Kana, b.Kana), cmp.Compare(a.Name, b.Name))
	})
	all := slices.Concat(places, days, lists)
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(h Handout) bool { // a list can have a row twice
		gone := seen[h.Show] || strings.TrimSpace(h.Name) == ""
		seen[h.Show] = true
		return gone
	})
}

// hand names a handout by what it is, not by where it stands: lists are
// brought up to date between the choice and the sending.
func hand(h Handout, tells string) Handout {
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(h.Name + "\n" + tells)) // never fails
	id := sum.Sum(nil)
	letters := make([]byte, 0, 2*len(id))
	for _, b := range id {
		letters = append(letters, 'a'+b>>4, 'a'+b&15)
	}
	h.Show = h.Kind + ":" + string(letters)
	h.Kana = cmp.Or(h.Kana, h.Name)
	return h
}

// Handout finds what staff chose, also when it is over meanwhile; nil when it
// is not in the pack any more.
func (c *Content) Handout(show string) *Handout {
	kind, _, _ := strings.Cut(show, ":")
	if !slices.Contains([]string{HandPlace, HandDay, HandFacility, HandShelter}, kind) {
		return nil
	}
	all := c.Handouts(time.Time{})
	if i := slices.IndexFunc(all, func(h Handout) bool { return h.Show == show }); i >= 0 {
		return &all[i]
	}
	return nil
}

// times are when an outreach day begins and ends.
func (o Outreach) times() (from, to time.Time, err error) {
	date, err := time.ParseInLocation(time.DateOnly, o.Date, Tokyo)
	if err != nil {
		return from, to, fmt.Errorf("read the date of an outreach day: %w", err)
	}
	return Period{From: o.From, To: o.To}.on(date)
}

// handoutCard is what the resident sees of it.
func (t *turn) handoutCard(h *Handout) Card {
	switch h.Kind {
	case HandDay:
		from, to, err := h.day.times()
		if err != nil {
			return Card{}
		}
		return Card{Title: h.window.Name.In(t.s.Lang), Lines: []string{strings.TrimPrefix(t.outreachLine(outreachDay{*h.day, from, to}), "・")}}
	case HandFacility:
		f := h.facility
		card := Card{Title: t.listed(f.Name, f.Kana, ""), Lines: t.addressLines(f.Address), Small: t.sourceOf(t.c.Lists.Facilities)}
		times := strings.Join(strings.Fields(f.Days+" "+strings.Trim(f.From+"–"+f.To, "–")+" "+f.Times), " ")
		if times != "" {
			card.Lines = append(card.Lines, t.reply("facility.times", "value", times))
		}
		if phone := strings.TrimSpace(f.Phone); phone != "" && strings.Trim(phone, "0123456789-") == "" {
			card.Buttons = t.callButtons(phone)
		}
		card.Buttons = append(card.Buttons, t.mapButtons(f.Lat, f.Lon)...)
		return card
	case HandShelter:
		s := h.shelter
		var hazards []string
		for _, id := range s.Hazards {
			hazards = append(hazards, t.reply("hazard."+id))
		}
		return Card{
			Title: t.listed(s.Name, s.Kana, s.English),
			Lines: append(t.addressLines(s.Address), t.reply("shelter.for", "hazards", strings.Join(hazards, t.reply("list.and"))), t.reply("shelter.open")),
			Small: t.sourceOf(t.c.Lists.Shelters), Buttons: t.mapButtons(s.Lat, s.Lon),
		}
	}
	p := h.place
	card := Card{Title: p.Name.In(t.s.Lang), Lines: t.addressLines(p.Address), Buttons: t.mapButtons(p.Lat, p.Lon)}
	if way := p.Way.In(t.s.Lang); way != "" {
		card.Lines = append(card.Lines, way)
	}
	card.Lines = append(card.Lines, t.accessLines(p)...)
	return card
}

// listed is a name of the city's lists, with its reading for learners and in
// English where the list has that: the sign at the door is in Japanese.
func (t *turn) listed(name, kana, english string) string {
	switch {
	case t.s.Lang == EasyJa && kana != "" && kana != name:
		return name + "（" + hiragana(kana) + "）"
	case !t.s.Lang.japanese() && english != "":
		return english + " (" + name + ")"
	}
	return name
}

func hiragana(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ァ' && r <= 'ヶ' {
			return r - 'ァ' + 'ぁ'
		}
		return r
	}, norm.NFKC.String(s))
}

func (t *turn) addressLines(address string) []string {
	if address == "" {
		return nil
	}
	return []string{t.reply("place.address", "address", address)}
}

// mapButtons open a map, where the city chose one.
func (t *turn) mapButtons(lat, lon float64) []Button {
	if link := t.mapLink(lat, lon); link != "" {
		return []Button{{Label: t.reply("button.map"), URL: link}}
	}
	return nil
}

func (t *turn) mapLink(lat, lon float64) string {
	if t.c.City.Map == "" || lat == 0 || lon == 0 {
		return ""
	}
	return strings.NewReplacer("{lat}", degrees(lat), "{lon}", degrees(lon)).Replace(t.c.City.Map)
}

// sourceOf says where a list is from.
func (t *turn) sourceOf(l List) string {
	return t.reply("faq.source", "source", l.Source, "date", t.date(l.Verified))
}
