package check

import (
	"reflect"
	"regexp"
	"slices"

	"github.com/tsunagu-chat/tsunagu/bot"
)

var idForm = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// The lengths that fit on a card, as the files' own comments say.
const (
	maxName      = 40
	maxPlain     = 90 // 200 in alphabets
	maxPlainWide = 200
	maxCan       = 40 // 90 in alphabets
	maxCanWide   = 90
	mostOnMenu   = 12
)

// never are the windows the program itself asks for.
var never = []string{"general-consult", "greeting", "human", "out-of-scope", "thanks", "outreach-consult", "emergency", "suicide"}

func (c *checker) windows() {
	seen := map[string]string{}
	labels := map[string]string{}
	menu := 0
	for _, f := range c.pack.Files {
		w, ok := f.Into.(*bot.Window)
		if !ok {
			continue
		}
		if c.broken[f.Name] {
			seen[w.ID] = f.Name
			continue
		}
		switch first, twice := seen[w.ID]; {
		case w.ID == "":
			c.fail(f.Name, "id", "write id: and the file's name without .yaml", "the window has no id")
			continue
		case twice:
			c.fail(f.Name, "id", "give one of them another id", "%s has the id %s already", first, w.ID)
		case windowFile(w.ID) != f.Name || !idForm.MatchString(w.ID):
			c.fail(f.Name, "id", "give both the same name, of small letters and hyphens", "the window's id is %q, the file's name says otherwise", w.ID)
		}
		seen[w.ID] = f.Name
		if w.Menu {
			menu++
			if menu > mostOnMenu {
				c.fail(f.Name, "menu", "take menu: true from another window", "the list of windows has room for %d", mostOnMenu)
			}
		}
		for _, l := range bot.Langs {
			key := string(l) + bot.PhraseKey(w.Choice[l])
			if other, ok := labels[key]; ok && w.Choice[l] != "" {
				c.fail(f.Name, "choice."+string(l), "say how they differ", "the button says the same as that of %s", other)
			}
			labels[key] = w.ID
		}
		c.window(f.Name, w)
	}
	for _, id := range never {
		if seen[id] == "" {
			c.fail(windowFile(id), "", "copy it from the shipped pack", "the window %s is needed and is not there", id)
		}
	}
}

// need is a text a window cannot do without.
type need struct {
	key  string
	text bot.Words
	when bool
}

func (c *checker) window(file string, w *bot.Window) {
	for _, n := range []need{
		{"name", w.Name, true}, {"plain", w.Plain, true}, {"choice", w.Choice, w.Menu || w.People}, {"then", w.Then, w.People},
	} {
		if n.when && len(n.text) == 0 {
			c.fail(file, n.key, "write it in all six languages", "the window has no %s", n.key)
		}
	}
	if len(w.Can) < 3 || len(w.Can) > 5 {
		c.fail(file, "can", "write three to five things, in residents' words", "there are %d things one can say there", len(w.Can))
	}
	if w.Order <= 0 {
		c.fail(file, "order", "give it its place among all windows, from 1", "the window has no order")
	}
	if w.Kind == "" {
		c.fail(file, "kind", "general, consultation, emergency, information or participation", "the window has no kind")
	}
	if w.People && w.Team == "" {
		c.fail(file, "team", "name the Slack team that reads its cases", "staff take cases of this window, and it has no team")
	}
	if w.Reviewed != "no" && !bot.Checked(w.Reviewed) {
		c.fail(file, "reviewed", `write the day its team read these sentences ("2026-12-01"), or "no"`, "reviewed is %q", w.Reviewed)
	}
	for i, id := range w.Related {
		c.knownWindow(file, at("related", i), id)
		if id == w.ID || slices.Contains(w.Related[:i], id) {
			c.fail(file, at("related", i), "take it away", "%s is the window itself, or stands twice", id)
		}
	}
	if w.Form != "" && c.c.Form(w.Form) == nil {
		c.fail(file, "form", "use the id of a file in forms/", "there is no form %q", w.Form)
	}
	if w.Serves != nil {
		c.knownAreas(file, "serves.areas", w.Serves.Areas)
		if len(w.Serves.Areas) == 0 {
			c.fail(file, "serves", "name areas, or take serves away: then it is for the whole city", "it serves no area")
		}
	}
	if c.examples[w.ID] == 0 && w.ID != "greeting" && !c.dangerous(w.ID) && len(c.pack.Examples) > 0 {
		c.fail(file, "id", "write what residents say into examples/"+w.ID+".txt, one a line", "nobody can reach the window: it has no examples")
	}
	c.windowLengths(file, w)
}

// dangerous reports windows that dangers lead to.
func (c *checker) dangerous(id string) bool {
	return slices.ContainsFunc(c.c.Dangers, func(d bot.Danger) bool { return d.Window == id })
}

func (c *checker) windowLengths(file string, w *bot.Window) {
	for _, l := range bot.Langs {
		wide := l == bot.En || l == bot.Vi
		plain, can := maxPlain, maxCan
		if wide {
			plain, can = maxPlainWide, maxCanWide
		}
		c.tooLong(file, "name."+string(l), w.Name[l], maxName)
		c.tooLong(file, "plain."+string(l), w.Plain[l], plain)
		c.tooLong(file, "choice."+string(l), w.Choice[l], maxChoice)
		for i := range w.Can {
			c.tooLong(file, at("can", i)+"."+string(l), w.Can[i][l], can)
		}
		all := ""
		eachWords(reflect.ValueOf(w).Elem(), "", func(_ string, words bot.Words) { all += words[l] + "\n" })
		c.tooLong(file, "id", all, 0) // what is told at once can never be longer than all there is
	}
}

func (c *checker) knownWindow(file, path, id string) {
	if c.c.Window(id) == nil {
		c.fail(file, path, "use the name of a file in windows/, without .yaml", "there is no window %q", id)
	}
}

func (c *checker) knownAreas(file, path string, ids []string) {
	for i, id := range ids {
		if c.c.Area(id) == nil {
			c.fail(file, at(path, i), "use an id of areas.yaml", "there is no area %q", id)
		}
	}
}
