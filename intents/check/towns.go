package check

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
)

var chomeForm = regexp.MustCompile(`^([0-9]+)-([0-9]+)$`)

// city looks at who runs the account.
func (c *checker) city() {
	const file = "city.yaml"
	for key, w := range map[string]bot.Words{"name": c.c.City.Name, "office": c.c.City.Office, "answer": c.c.City.Answer} {
		if len(w) == 0 {
			c.fail(file, key, "write it in all six languages", "the city has no %s", key)
		}
	}
	if s := c.c.City.Privacy; s != "" {
		c.https(file, "privacy", s)
	}
	if s := c.c.City.Map; s != "" {
		c.https(file, "map", strings.NewReplacer("{lat}", "35.7", "{lon}", "139.4").Replace(s))
		if !strings.Contains(s, "{lat}") || !strings.Contains(s, "{lon}") {
			c.fail(file, "map", "put {lat} and {lon} where the coordinates belong", "every place would have the same map")
		}
	}
	if len(c.c.Towns) == 0 {
		c.fail("towns.yaml", "", "write the towns, with reading, romaji and area", "the city has no towns")
	}
}

// towns looks at the names of towns and areas.
func (c *checker) towns() {
	const file = "towns.yaml"
	means := map[string]string{}
	for i, t := range c.c.Towns {
		p := at("", i)
		if t.ID == "" {
			c.fail(file, p, "write id: and the town's name", "a town has no name")
		}
		if !only(t.Kana, func(r rune) bool { return unicode.Is(unicode.Hiragana, r) || r == 'ー' }) {
			c.fail(file, p+".kana", "write the reading in hiragana", "%q is no reading", t.Kana)
		}
		if !only(t.Romaji, func(r rune) bool { return r < 128 }) {
			c.fail(file, p+".romaji", "write it as on signs: Kashiwa-cho", "%q is not in Latin letters", t.Romaji)
		}
		if c.c.Area(t.Area) == nil {
			c.fail(file, p+".area", "use an id of areas.yaml", "there is no area %q", t.Area)
		}
		if !chome(t.Chome) {
			c.fail(file, p+".chome", `write "1-7", none, or unknown`, "%q says nothing about 丁目", t.Chome)
		}
		names := map[string]bool{} // a town may spell one name in several ways
		for k, a := range append([]string{t.ID, t.Kana, t.Romaji}, t.Aliases...) {
			key := bot.PhraseKey(a)
			if key == "" || names[key] {
				continue
			}
			names[key] = true
			if other, ok := means[key]; ok {
				path := p
				if k > 2 {
					path += "." + at("aliases", k-3)
				}
				c.fail(file, path, "keep it with one town", "%q already means %s", a, other)
			}
			means[key] = t.ID
		}
	}
	seen := map[string]bool{}
	for i, a := range c.c.Areas {
		if a.ID == "" || seen[a.ID] {
			c.fail("areas.yaml", at("", i), "give each area an id of its own", "the area's id %q is empty or stands twice", a.ID)
		}
		seen[a.ID] = true
	}
}

func chome(s string) bool {
	if s == "none" || s == "unknown" {
		return true
	}
	m := chomeForm.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	from, _ := strconv.Atoi(m[1])
	to, _ := strconv.Atoi(m[2])
	return 0 < from && from <= to && to < 100
}

func only(s string, is func(rune) bool) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !is(r) }) < 0
}

// roles looks at the opportunities.
func (c *checker) roles() {
	const file = "opportunities.yaml"
	skills := map[string]bool{}
	for _, f := range c.c.Forms {
		for _, x := range f.Fields {
			if x.ID == "skill" {
				for _, o := range x.Options {
					skills[o.ID] = true
				}
			}
		}
	}
	seen := map[string]bool{}
	for i, o := range c.c.Opportunities {
		p := at("", i)
		if !idForm.MatchString(o.ID) || seen[o.ID] {
			c.fail(file, p+".id", "give it an id of its own, of small letters and hyphens", "the id %q is none, or stands twice", o.ID)
		}
		seen[o.ID] = true
		if len(o.Name) == 0 || len(o.About) == 0 {
			c.fail(file, p, "write name: and about: in all six languages", "%s has no name or no description", o.ID)
		}
		for l, s := range o.Name {
			c.tooLong(file, p+".name."+string(l), s, maxName)
		}
		for k, id := range o.Towns {
			if c.c.Town(id) == nil {
				c.fail(file, p+"."+at("towns", k), "use a town of towns.yaml", "there is no town %q", id)
			}
		}
		for k, id := range o.Skills {
			if !skills[id] {
				c.fail(file, p+"."+at("skills", k), "use the id of a skill in forms/volunteer.yaml", "there is no skill %q", id)
			}
		}
		if o.Window != "" {
			c.knownWindow(file, p+".window", o.Window)
		}
		if o.Minutes < 0 || o.Minutes > 24*60 || o.MinAge < 0 || o.MinAge > 100 {
			c.fail(file, p, "minutes: up to 1440, min_age: up to 100", "%d minutes, from %d years of age", o.Minutes, o.MinAge)
		}
	}
}

// forms looks at the questions that are asked one at a time.
func (c *checker) forms() {
	for _, f := range c.pack.Files {
		form, ok := f.Into.(*bot.Form)
		if !ok {
			continue
		}
		if formFile(form.ID) != f.Name {
			c.fail(f.Name, "id", "give both the same name", "the form's id is %q, the file's name says otherwise", form.ID)
		}
		for i, x := range form.Fields {
			p := at("fields", i)
			if len(x.Ask) == 0 {
				c.fail(f.Name, p, "write ask: in all six languages", "nothing is asked")
			}
			if x.Kind == "choice" && len(x.Options) == 0 {
				c.fail(f.Name, p, "write options:", "there is nothing to choose from")
			}
			if len(x.Options) > maxChoose-2 {
				c.fail(f.Name, p, "take some away", "%d options; LINE has room for %d beside two fixed ones", len(x.Options), maxChoose-2)
			}
			seen := map[string]bool{}
			for k, o := range x.Options {
				path := p + "." + at("options", k)
				if o.ID == "" || seen[o.ID] {
					c.fail(f.Name, path, "give each option an id of its own", "the option's id %q is empty or stands twice", o.ID)
				}
				seen[o.ID] = true
				for l, s := range o.Label {
					c.tooLong(f.Name, path+".label."+string(l), s, maxChoice)
				}
			}
		}
	}
}

// lists looks at where the city's lists come from.
func (c *checker) lists() {
	for key, l := range map[string]struct {
		rows int
		from bot.List
	}{"shelters": {len(c.c.Shelters), c.c.Lists.Shelters}, "facilities": {len(c.c.Facilities), c.c.Lists.Facilities}} {
		if l.rows > 0 && l.from.Source == "" {
			c.fail("lists.yaml", key, "write where the list was found, or import it again with --source", "nobody knows where the %d rows of %s.csv come from", l.rows, key)
		}
		if p := l.from.Published; p != "" && !bot.Checked(p) {
			c.fail("lists.yaml", key+".published", "write the day as 2026-12-01", "%q is no day", p)
		}
	}
	for i, s := range c.c.Shelters {
		if len(s.Hazards) == 0 {
			c.add(Finding{Level: Note, Problem: intents.Problem{File: "shelters.csv", Line: i + 2, Text: s.Name + " is meant for no hazard; nobody will be sent there", Mend: "ask the city"}})
		}
	}
}
