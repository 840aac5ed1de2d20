package check

import (
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/tsunagu-chat/tsunagu/bot"
)

var (
	telephone = regexp.MustCompile(`^(0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,5}|0[0-9]{3}-[0-9]{6}|#[0-9]{4}|1[0-9]{2})$`)
	faxNumber = regexp.MustCompile(`^0[0-9]{1,4}-[0-9]{1,4}-[0-9]{4}$`)
)

// contacts looks at the facts about how and where to reach each window.
func (c *checker) contacts() {
	for _, f := range c.pack.Files {
		w, ok := f.Into.(*bot.Window)
		if !ok {
			continue
		}
		for i, x := range w.Contacts {
			p := at("contacts", i)
			c.contact(f.Name, p, x)
			c.knownAreas(f.Name, p+".areas", x.Areas)
		}
		for i := range w.Places {
			c.place(f.Name, at("places", i), &w.Places[i])
		}
		for i, s := range w.Spoken {
			if s.Lang == "" {
				c.fail(f.Name, at("languages", i), "write lang: en (ja, ja-easy, en, zh, ko, vi)", "a spoken language has no lang")
			}
		}
		if w.After == nil {
			continue
		}
		for key, s := range map[string]*bot.Statement{"who": w.After.Who, "soon": w.After.Soon, "cost": w.After.Cost, "secret": w.After.Secret} {
			if s != nil && len(s.Say) == 0 {
				c.fail(f.Name, "after."+key, "write say: in all six languages, or take the key away", "nothing is said")
			}
		}
	}
}

func (c *checker) contact(file, p string, x bot.Contact) {
	switch x.Kind {
	case bot.ContactPhone:
		if !telephone.MatchString(x.Value) {
			c.fail(file, p+".value", "write it with hyphens, as 042-529-8300", "%q is no telephone number", x.Value)
		}
	case bot.ContactFax:
		if !faxNumber.MatchString(x.Value) {
			c.fail(file, p+".value", "write it with hyphens, as 042-529-8300", "%q is no fax number", x.Value)
		}
	case bot.ContactMail:
		if a, err := mail.ParseAddress(x.Value); err != nil || a.Address != x.Value {
			c.fail(file, p+".value", "write only the address", "%q is no mail address", x.Value)
		}
	case bot.ContactURL:
		c.https(file, p+".value", x.Value)
	case "":
		c.fail(file, p, "write kind: phone, fax, mail or url", "the contact has no kind")
	}
	if len(x.Label) == 0 {
		c.fail(file, p, "write label: in all six languages", "nobody can tell whose contact it is")
	}
	for l, s := range x.Label {
		c.tooLong(file, p+".label."+string(l), s, maxButton)
	}
}

// https holds links to what LINE opens.
func (c *checker) https(file, p, s string) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Scheme != "https" || u.Host == "" || !strings.Contains(u.Host, "."):
		c.fail(file, p, "write the whole address, from https://", "%q is no https address", s)
	case utf8.RuneCountInString(s) > maxURL:
		c.fail(file, p, "use a shorter address", "LINE takes addresses of up to %d characters", maxURL)
	}
}

func (c *checker) place(file, p string, x *bot.Place) {
	if len(x.Name) == 0 {
		c.fail(file, p, "write name: in all six languages", "the place has no name")
	}
	if x.Address == "" {
		c.fail(file, p, "write address:", "the place has no address")
	}
	if (x.Lat == 0) != (x.Lon == 0) {
		c.fail(file, p, "write lat (north) and lon (east), or neither", "only one of lat and lon is there")
	}
	if x.Lat != 0 && (x.Lat < 20 || x.Lat > 46) || x.Lon != 0 && (x.Lon < 122 || x.Lon > 154) {
		c.fail(file, p+".lat", "lat lies between 20 and 46, lon between 122 and 154; are they swapped?", "%v, %v is not in Japan", x.Lat, x.Lon)
	}
	c.knownAreas(file, p+".areas", x.Areas)
	for i, a := range x.Access {
		if a.ID == "" {
			c.fail(file, p+"."+at("access", i), "write id:", "an access has no id")
		}
	}
}

// hotlines looks at the numbers for everybody.
func (c *checker) hotlines() {
	const file = "hotlines.yaml"
	seen := map[string]bool{}
	for i, h := range c.c.Hotlines {
		p := at("", i)
		if !telephone.MatchString(h.Number) {
			c.fail(file, p+".number", "write it as 0120-279-338, #7119 or 110", "%q is no number", h.Number)
		}
		if seen[h.Number] {
			c.fail(file, p+".number", "join the two", "%s stands twice", h.Number)
		}
		seen[h.Number] = true
		if len(h.Name) == 0 {
			c.fail(file, p, "write name: in all six languages", "%s has no name", h.Number)
		}
		for l, s := range h.Name {
			c.tooLong(file, p+".name."+string(l), s, maxName)
		}
		for k, id := range h.Windows {
			c.knownWindow(file, p+"."+at("windows", k), id)
		}
		if h.HoursKnown() && len(h.Hours) == 0 {
			c.fail(file, p+".hours_verified", "write hours:, or hours_verified: \"no\"", "the hours of %s are verified and not there", h.Number)
		}
		if h.HoursKnown() && !h.Known() {
			c.fail(file, p+".hours_verified", "verify the number as well", "the hours of %s are verified, the number is not", h.Number)
		}
	}
}
