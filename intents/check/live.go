package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// Who would know. Teams of windows are added to these.
const (
	City     = "the city office"
	Shakyo   = "the council of social welfare (shakyo)"
	Everyone = "whoever runs the number: read its official page"
)

// nationwide are numbers with a page of their own; the others belong to
// offices nearby.
var nationwide = regexp.MustCompile(`^(#|1|0120|0570)`)

func team(name string) string { return "the team " + name }

func native(l bot.Lang) string { return "a native speaker of " + languageNames[l] }

var languageNames = map[bot.Lang]string{
	bot.EasyJa: "Japanese who knows easy Japanese", bot.En: "English", bot.Zh: "Chinese", bot.Ko: "Korean", bot.Vi: "Vietnamese",
}

// live lists what must hold before residents use the pack, under whoever
// would know.
func (c *checker) live() {
	c.eachFact(func(f fact) {
		if bot.Checked(f.mark) || f.mark == "" && optional(f) {
			return
		}
		what := f.what
		if what == "" {
			what = f.path
		}
		who := c.who(f.file)
		if f.file == "hotlines.yaml" && !nationwide.MatchString(f.what) {
			who = Shakyo
		}
		c.ask(who, f.file, f.path, "check it, then write the day into "+lastKey(f.path), "not verified: %s", what)
	})
	for _, f := range c.pack.Files {
		if w, ok := f.Into.(*bot.Window); ok {
			c.liveWindow(f.Name, w)
		}
	}
	c.liveCity()
	c.liveTranslations()
}

func (c *checker) ask(who, file, path, mend, format string, args ...any) {
	c.add(Finding{Level: Live, Who: who, Problem: intents.Problem{File: file, Line: c.line(file, path), Text: fmt.Sprintf(format, args...), Mend: mend}})
}

// who would know what stands in a file.
func (c *checker) who(file string) string {
	switch {
	case file == "hotlines.yaml":
		return Everyone
	case file == "towns.yaml", file == "areas.yaml", file == "lists.yaml":
		return City
	case strings.HasPrefix(file, "windows/"):
		if w := c.c.Window(strings.TrimSuffix(strings.TrimPrefix(file, "windows/"), ".yaml")); w != nil && w.Team != "" {
			return team(w.Team)
		}
	}
	return Shakyo
}

func lastKey(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

func (c *checker) liveWindow(file string, w *bot.Window) {
	who := c.who(file)
	if !bot.Checked(w.Reviewed) {
		c.ask(who, file, "reviewed", "read plain, always, then and bring; then write the day into reviewed", "nobody has read the sentences of %s", w.Name[bot.Ja])
	}
	if !w.People {
		return
	}
	for _, missing := range []struct {
		what  string
		there bool
	}{
		{"contacts: how to reach it", len(w.Contacts) > 0}, {"places: where it is", len(w.Places) > 0}, {"hours: when it is open", w.Hours != nil},
		{"after: who answers, how soon, what it costs, who gets to know", w.After != nil},
		{"languages: in which one can talk there", len(w.Spoken) > 0},
	} {
		if !missing.there {
			key, what, _ := strings.Cut(missing.what, ": ")
			c.ask(who, file, "id", "write "+key+":, with source and verified", "%s does not say %s", w.Name[bot.Ja], what)
		}
	}
}

func (c *checker) liveCity() {
	if c.c.City.Privacy == "" {
		c.ask(Shakyo, "city.yaml", "privacy", "write its address, or let the office agree to the program's own page", "there is no privacy page of the office")
	}
	for i, t := range c.c.Towns {
		if t.Chome == "unknown" {
			c.ask(City, "towns.yaml", at("", i)+".chome", "write them", "the 丁目 of %s are unknown", t.ID)
		}
	}
	if len(c.c.Shelters) == 0 {
		c.ask(City, "shelters.csv", "", "tsunagu pack import FILE.csv --source …", "the list of shelters is empty")
	}
	if len(c.c.Facilities) == 0 {
		c.ask(City, "facilities.csv", "", "tsunagu pack import FILE.csv --source …", "the list of facilities is empty")
	}
	for i := range c.c.Towns {
		if area := c.c.Towns[i].Area; len(c.c.Coordinators.Ask) > 0 && len(c.c.CoordinatorsOf(c.c.Towns[i].ID)) == 0 && !slices.ContainsFunc(c.c.Towns[:i], func(t bot.Town) bool { return t.Area == area }) {
			c.ask(Shakyo, coordinatorsFile, "people", "write name:, areas:, source: and verified:", "nobody looks after %s", area)
		}
	}
	days := 0
	for i := range c.c.Windows {
		days += len(c.c.Windows[i].Outreach)
	}
	if days == 0 {
		c.ask(Shakyo, windowFile("outreach-consult"), "id", "write outreach: with date, from, to and place", "no outreach day is known (出張相談会)")
	}
}

// print is the fingerprint of a file's texts in one language.
func (c *checker) print(f intents.File, l bot.Lang) string {
	var texts []string
	if replies, ok := f.Into.(*map[string]string); ok {
		if f.Name != repliesFile(l) {
			return ""
		}
		for key, s := range *replies {
			texts = append(texts, key+"="+s)
		}
	} else {
		eachWords(reflect.ValueOf(f.Into).Elem(), "", func(path string, w bot.Words) { texts = append(texts, path+"="+w[l]) })
	}
	if len(texts) == 0 {
		return ""
	}
	sort.Strings(texts)
	sum := sha256.Sum256([]byte(strings.Join(texts, "\n")))
	return hex.EncodeToString(sum[:4])
}

// liveTranslations lists the files no native speaker has confirmed as they
// are now.
func (c *checker) liveTranslations() {
	for _, f := range c.pack.Files {
		if f.Name == "wording.yaml" || f.Name == "translations.yaml" {
			continue
		}
		for _, l := range bot.Langs {
			of := c.print(f, l)
			if l == bot.Ja || of == "" || c.confirmed(f.Name, l, of) {
				continue
			}
			c.ask(native(l), f.Name, "", fmt.Sprintf("read it, then add {file: %s, lang: %s, by: …, on: …, of: %q} to translations.yaml", f.Name, l, of), "not confirmed in %s", l)
		}
	}
}

func (c *checker) confirmed(file string, l bot.Lang, of string) bool {
	for _, n := range c.pack.Native {
		if n.File == file && n.Lang == l && n.Of == of && bot.Checked(n.On) {
			return true
		}
	}
	return false
}

// confirmations looks at the records of native speakers.
func (c *checker) confirmations() {
	const file = "translations.yaml"
	for i, n := range c.pack.Native {
		p := at("", i)
		ok := false
		for _, f := range c.pack.Files {
			ok = ok || f.Name == n.File && c.print(f, n.Lang) != ""
		}
		if !ok {
			c.fail(file, p+".file", "use a file's name as tsunagu check --live writes it", "%s has no texts in %s", n.File, n.Lang)
		}
		if !bot.Checked(n.On) || n.By == "" {
			c.fail(file, p, `write by: (a role) and on: "2026-12-01"`, "nobody knows who confirmed %s, or when", n.File)
		}
	}
}
