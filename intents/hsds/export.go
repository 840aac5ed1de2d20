package hsds

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// offset is Japan's distance from UTC, as times and as the field timezone
// have it.
const (
	offset      = "+09:00"
	offsetHours = 9.0
)

// Export makes the package of a pack's windows. Days in town that lie before
// now are left out.
func Export(c *bot.Content, now time.Time) *Package {
	x := &exporter{c: c, now: now, p: &Package{Tables: tables()}, seen: map[string]bool{}}
	x.office = x.add("organization", "office", Row{"name": c.City.Office.In(bot.Ja), "description": c.City.Office.In(bot.Ja) + "（" + c.City.Name.In(bot.Ja) + "）"})
	for i := range c.Windows {
		if w := &c.Windows[i]; w.People {
			x.window(w)
		}
	}
	return x.p
}

type exporter struct {
	c      *bot.Content
	now    time.Time
	p      *Package
	office string
	seen   map[string]bool // ids that are in their tables
}

// add puts a record into its table and returns its id, which is the same in
// every export: it is made from what the record is of. Empty fields are left
// out, and a record that is there already is not written twice.
func (x *exporter) add(table, of string, r Row) string {
	key := strings.Join([]string{"tsunagu", x.c.City.Name.In(bot.En), table, of}, "\x00")
	id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(key)).String()
	if x.seen[id] {
		return id
	}
	x.seen[id] = true
	row := Row{"id": id}
	for k, v := range r {
		if v != "" && v != nil && v != 0.0 {
			row[k] = v
		}
	}
	t := x.p.Table(table)
	t.Rows = append(t.Rows, row)
	return id
}

func (x *exporter) window(w *bot.Window) {
	s := Row{"organization_id": x.office, "name": w.Name.In(bot.Ja), "status": "active"}
	reviewed := bot.Checked(w.Reviewed)
	if reviewed {
		s["description"] = strings.TrimSpace(w.Plain.In(bot.Ja) + "\n" + w.Always.In(bot.Ja))
		s["application_process"] = w.Then.In(bot.Ja)
		s["assured_date"] = w.Reviewed
	}
	if w.After != nil && w.After.Cost.Known() {
		s["fees_description"] = w.After.Cost.Say.In(bot.Ja)
	}
	for _, c := range w.Contacts {
		field := map[string]string{bot.ContactMail: "email", bot.ContactURL: "url"}[c.Kind]
		if c.Known() && field != "" && s[field] == nil {
			s[field] = c.Value
		}
	}
	service := x.add("service", w.ID, s)
	for _, c := range w.Contacts {
		kind := map[string]string{bot.ContactPhone: "voice", bot.ContactFax: "fax"}[c.Kind]
		if c.Known() && kind != "" {
			x.add("phone", w.ID+" "+c.Kind+" "+c.Value, Row{"service_id": service, "number": c.Value, "type": kind, "description": c.Label.In(bot.Ja)})
		}
	}
	if bring := w.Bring.In(bot.Ja); reviewed && bring != "" {
		x.add("required_document", w.ID, Row{"service_id": service, "document": bring})
	}
	hours := w.Hours
	if hours == nil {
		hours = &x.c.City.Desk
	}
	if hours.Known() {
		x.week(w.ID, service, hours)
	}
	for _, l := range w.Spoken {
		if l.Known() {
			code, _, _ := strings.Cut(string(l.Lang), "-")
			x.add("language", w.ID+" "+string(l.Lang), Row{"service_id": service, "name": x.c.Reply(l.Lang, "language.name"), "code": code, "note": l.When.In(bot.Ja)})
		}
	}
	x.areas(w, service)
	for _, p := range w.Places {
		if p.Known() {
			x.place(w.ID, service, p)
		}
	}
	for _, o := range w.Outreach {
		if o.Known() && !o.Cancelled && o.Date >= x.now.In(bot.Tokyo).Format(time.DateOnly) {
			x.outreach(w.ID, service, o)
		}
	}
}

// areas says whom a window is for, where that and the areas are verified.
func (x *exporter) areas(w *bot.Window, service string) {
	if !w.Serves.Known() {
		return
	}
	if len(w.Serves.Areas) == 0 {
		x.add("service_area", w.ID, Row{"service_id": service, "name": x.c.City.Name.In(bot.Ja)})
	}
	for _, id := range w.Serves.Areas {
		if a := x.c.Area(id); a.Known() {
			x.add("service_area", w.ID+" "+id, Row{"service_id": service, "name": x.c.City.Name.In(bot.Ja) + " " + a.Name.In(bot.Ja)})
		}
	}
}

// location is a place somebody can go to. Its address stands in the
// description: the table of addresses wants a postal code, and the pack has
// none.
func (x *exporter) location(name, address string, more Row) string {
	r := Row{"location_type": "physical", "organization_id": x.office, "name": name}
	if address != "" {
		r["description"] = x.c.City.Name.In(bot.Ja) + address
	}
	for k, v := range more {
		r[k] = v
	}
	return x.add("location", name+" "+address, r)
}

func (x *exporter) place(window, service string, p bot.Place) {
	name := p.Name.In(bot.Ja)
	at := x.location(name, p.Address, Row{"transportation": p.Way.In(bot.Ja), "latitude": p.Lat, "longitude": p.Lon})
	x.add("service_at_location", window+" "+at, Row{"service_id": service, "location_id": at})
	for _, a := range p.Access {
		if a.Known() {
			x.add("accessibility", at+" "+a.ID, Row{"location_id": at, "description": x.c.Reply(bot.Ja, "access."+a.ID)})
		}
	}
}

func (x *exporter) outreach(window, service string, o bot.Outreach) {
	at := x.location(o.Place.In(bot.Ja), o.Address, nil)
	link := x.add("service_at_location", window+" "+at, Row{"service_id": service, "location_id": at})
	x.add("schedule", strings.Join([]string{window, at, o.Date, o.From}, " "), Row{
		"service_at_location_id": link, "valid_from": o.Date, "valid_to": o.Date, "dtstart": o.Date, "count": 1.0, "freq": "WEEKLY",
		"timezone": offsetHours, "opens_at": clock(o.From), "closes_at": clock(o.To), "description": o.About.In(bot.Ja),
	})
}

// clock is a time of day with its offset; midnight at the end of a day is that
// at the beginning of the next.
func clock(hour string) string {
	if hour == "24:00" {
		hour = "00:00"
	}
	return hour + offset
}

// week writes the hours of a week: days with the same period together. What a
// rule cannot say (holidays, year end, other days) stands in the description.
func (x *exporter) week(window, service string, h *bot.Hours) {
	days := []struct{ key, code string }{{"mon", "MO"}, {"tue", "TU"}, {"wed", "WE"}, {"thu", "TH"}, {"fri", "FR"}, {"sat", "SA"}, {"sun", "SU"}}
	byPeriod := map[bot.Period][]string{}
	var periods []bot.Period
	for _, d := range days {
		for _, p := range h.Week[d.key] {
			if byPeriod[p] == nil {
				periods = append(periods, p)
			}
			byPeriod[p] = append(byPeriod[p], d.code)
		}
	}
	for _, p := range periods {
		x.add("schedule", strings.Join([]string{window, p.From, p.To}, " "), Row{
			"service_id": service, "freq": "WEEKLY", "interval": 1.0, "byday": strings.Join(byPeriod[p], ","), "timezone": offsetHours,
			"opens_at": clock(p.From), "closes_at": clock(p.To), "description": besides(h),
		})
	}
}

// besides are the days that are not like the others, in Japanese.
func besides(h *bot.Hours) string {
	all := func(list []bot.Period) string {
		var parts []string
		for _, p := range list {
			parts = append(parts, p.From+"〜"+p.To)
		}
		if len(parts) == 0 {
			return "休み"
		}
		return strings.Join(parts, "、")
	}
	parts := []string{"祝日：" + all(h.Holidays)}
	if len(h.YearEnd) == 2 {
		parts = append(parts, "年末年始（"+h.YearEnd[0]+"〜"+h.YearEnd[1]+"）：休み")
	}
	var except []string
	for date := range h.Except {
		except = append(except, date)
	}
	slices.Sort(except)
	for _, date := range except {
		parts = append(parts, date+"："+all(h.Except[date]))
	}
	return strings.Join(parts, "。")
}
