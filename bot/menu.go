package bot

import "strings"

// Menu is the large picture with six areas under the talk: LINE's rich menu.
// Which one a resident has follows from their language and from whether people
// have their case; whether the town is in a disaster is the same for all and
// does not concern the dialogue.
type Menu struct {
	Bar    Words       `yaml:"bar"` // under the picture, to open and close it; at most 14 characters
	Areas  []MenuArea  `yaml:"areas"`
	Sheets []MenuSheet `yaml:"sheets"`
}

// MenuArea is something to tap.
type MenuArea struct {
	ID    string `yaml:"id"`
	Icon  string `yaml:"icon"`  // name of a pictogram
	Label Words  `yaml:"label"` // drawn large; ｜ begins a new line, 漢字（かんじ） has its reading above
	Alt   Words  `yaml:"alt"`   // read aloud, at most 20 characters
	Says  Words  `yaml:"says"`  // stands in the talk as the resident's words; empty: Alt
	Does  string `yaml:"does"`  // verb or verb:argument, comes back as Tapped
}

// MenuSheet is one arrangement of six areas.
type MenuSheet struct {
	ID    string   `yaml:"id"`
	Areas []string `yaml:"areas"` // ids, from the upper left
}

// The sheets there are. The second pair takes the place of the first while
// City.Disaster is set.
const (
	SheetUsual        = "usual"
	SheetCase         = "case"
	SheetDisaster     = "disaster"
	SheetDisasterCase = "disaster-case"
)

// MenuSheets are the ids of all sheets.
var MenuSheets = []string{SheetUsual, SheetCase, SheetDisaster, SheetDisasterCase}

// ShowMenu puts a menu on the resident's phone: SheetUsual or SheetCase with a
// language, as MenuName writes it.
type ShowMenu struct{ Name string }

func (ShowMenu) effect() {}

// MenuName names a sheet in a language: usual-ja-easy.
func MenuName(sheet string, l Lang) string { return sheet + "-" + string(l) }

// AtDisaster is the name of the menu that stands for another one while the
// town is in a disaster.
func AtDisaster(name string) string {
	if rest, ok := strings.CutPrefix(name, SheetCase+"-"); ok {
		return MenuName(SheetDisasterCase, Lang(rest))
	}
	if rest, ok := strings.CutPrefix(name, SheetUsual+"-"); ok {
		return MenuName(SheetDisaster, Lang(rest))
	}
	return name
}

// DefaultMenu is what everybody sees who was given no menu of their own.
const DefaultMenu = SheetUsual + "-" + string(Ja)

// Area returns the area with this id, nil when there is none.
func (m *Menu) Area(id string) *MenuArea {
	for i := range m.Areas {
		if m.Areas[i].ID == id {
			return &m.Areas[i]
		}
	}
	return nil
}

// Does reports whether a flow verb follows from a menu's action.
func Does(does string) bool {
	verb, _, _ := strings.Cut(does, ":")
	for _, r := range flow() {
		if r.during == anytime && r.verb == verb {
			return true
		}
	}
	return false
}

// menu changes the resident's menu when their language or their case asks for
// another. Who may be watched keeps the usual one: "send to staff" on the
// screen would tell that they asked for help.
func (t *turn) menu() {
	if len(t.c.Menu.Sheets) == 0 || t.s.Gone {
		return
	}
	sheet := SheetUsual
	if t.s.Case != nil && !t.s.Quiet {
		sheet = SheetCase
	}
	want := MenuName(sheet, t.s.Lang)
	had := t.s.Menu
	if had == "" {
		had = DefaultMenu
	}
	if want != had {
		t.s.Menu = want
		t.do(ShowMenu{Name: want})
	}
}

// sendToStaff is the menu's way back from the bot to the people who have the
// case.
func (t *turn) sendToStaff(string) {
	c := t.s.Case
	if c == nil {
		t.talkToPeople("")
		return
	}
	c.Aside = false
	t.say("welcome.case", "number", CaseNumber(c.ID))
}

// severalWindows shows the cards of windows the menu names; without names, the
// list of all.
func (t *turn) severalWindows(arg string) {
	var ids []string
	for _, id := range strings.Fields(arg) {
		if t.c.Window(id) != nil {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		t.listWindows("")
		return
	}
	t.say("answer.chosen")
	t.showWindows(ids)
	t.count("answered", ids[0])
}

// MenuWindows are the windows that an action names.
func MenuWindows(does string) []string {
	verb, arg, _ := strings.Cut(does, ":")
	if verb == "window" || verb == "windows" {
		return strings.Fields(arg)
	}
	return nil
}
