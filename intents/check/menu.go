package check

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
)

const menuFile = "menu.yaml"

// LINE's limits, which a count of characters never exceeds, and the number of areas of our pictures:
// https://developers.line.biz/en/reference/messaging-api/#rich-menu-object
const (
	maxBar       = 14
	maxMenuLabel = 20 // of an action's label, which is read aloud
	maxDrawn     = 20 // of what is drawn, so that it can be large; readings not counted
	menuAreas    = 6
)

// menu holds the menus to LINE's limits, to the verbs there are, and to one
// picture for each.
func (c *checker) menu() {
	m := c.c.Menu
	if len(m.Sheets) == 0 && len(m.Areas) == 0 {
		return
	}
	c.menuWords("bar", m.Bar, maxBar, true)
	used := map[string]bool{}
	for i, s := range m.Sheets {
		p := at("sheets", i)
		if !slices.Contains(bot.MenuSheets, s.ID) {
			c.fail(menuFile, p+".id", "use usual, case, disaster or disaster-case", "there is no sheet %q", s.ID)
		}
		if len(s.Areas) != menuAreas {
			c.fail(menuFile, p+".areas", "name six areas", "%d areas; a menu has %d", len(s.Areas), menuAreas)
		}
		for j, id := range s.Areas {
			used[id] = true
			if m.Area(id) == nil {
				c.fail(menuFile, at(p+".areas", j), "name one of the areas above", "there is no area %q", id)
			}
		}
	}
	for _, id := range bot.MenuSheets {
		if !slices.ContainsFunc(m.Sheets, func(s bot.MenuSheet) bool { return s.ID == id }) {
			c.fail(menuFile, "sheets", "add it", "the sheet %s is missing", id)
		}
	}
	for i, a := range m.Areas {
		p := at("areas", i)
		c.menuWords(p+".label", a.Label, maxDrawn, false)
		c.menuWords(p+".alt", a.Alt, maxMenuLabel, true)
		if len(a.Says) > 0 {
			c.menuWords(p+".says", a.Says, 60, false)
		}
		if !bot.Does(a.Does) {
			c.fail(menuFile, p+".does", "use a word of the program, such as human or window:ID", "nothing follows from %q", a.Does)
		}
		c.menuTarget(p, a.Does)
		if !used[a.ID] {
			c.fail(menuFile, p, "put it on a sheet, or delete it", "the area %s stands on no sheet", a.ID)
		}
	}
	for _, s := range m.Sheets {
		for _, l := range bot.Langs {
			if name := bot.MenuName(s.ID, l); slices.Contains(bot.MenuSheets, s.ID) && len(c.pack.Pictures[name]) == 0 {
				c.fail(menuFile, "sheets", "run make menus", "%s is not drawn; residents would not see it", intents.MenuPicture(name))
			}
		}
	}
}

// menuTarget looks for what an action names.
func (c *checker) menuTarget(p, does string) {
	for _, id := range bot.MenuWindows(does) {
		if c.c.Window(id) == nil {
			c.fail(menuFile, p+".does", "name a window of the folder windows", "there is no window %q", id)
		}
	}
}

// menuWords holds a text to a length. Spoken texts carry no readings: they
// would be heard twice.
func (c *checker) menuWords(p string, w bot.Words, most int, spoken bool) {
	for _, l := range bot.Langs {
		text := w[l]
		bare := strings.ReplaceAll(bot.WithoutReadings(text), "｜", "")
		if spoken && bare != text {
			c.fail(menuFile, p+"."+string(l), "take readings and ｜ out", "%q is read aloud, with all that is in it", text)
		}
		if n := utf8.RuneCountInString(bare); n > most {
			c.fail(menuFile, p+"."+string(l), "say it in fewer words", "%d characters; there is room for %d", n, most)
		}
	}
}
