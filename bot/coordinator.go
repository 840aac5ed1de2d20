package bot

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Coordinators are the people of the office who look after the areas
// (地域福祉コーディネーター), and how residents ask for them.
type Coordinators struct {
	Ask    []string      `yaml:"ask"` // what people write around a town's name
	People []Coordinator `yaml:"people"`
}

// Coordinator looks after areas. Who it is, is a fact like any other.
type Coordinator struct {
	Name     string    `yaml:"name"` // as residents read it
	Areas    []string  `yaml:"areas"`
	About    Words     `yaml:"about"` // a word of theirs: what they are good at
	Away     []Absence `yaml:"away"`
	Source   string    `yaml:"source"`
	Verified string    `yaml:"verified"`
}

// Known reports whether residents may be told this name.
func (c Coordinator) Known() bool { return Checked(c.Verified) }

// Absence is when a coordinator is away, both days included.
type Absence struct {
	From string `yaml:"from"` // 2006-01-02
	To   string `yaml:"to"`
	By   string `yaml:"by"` // name of who stands in; empty: the others of the area
}

// AwayOn returns the absence a day lies in, nil when they are there.
func (c Coordinator) AwayOn(at time.Time) *Absence {
	day := at.In(Tokyo).Format(time.DateOnly)
	i := slices.IndexFunc(c.Away, func(a Absence) bool { return a.From <= day && day <= a.To })
	if i < 0 {
		return nil
	}
	return &c.Away[i]
}

// CoordinatorsOf are those who look after a town, in the pack's order.
func (c *Content) CoordinatorsOf(town string) []Coordinator {
	t := c.Town(town)
	if t == nil || t.Area == "" {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(c.Coordinators.People), func(p Coordinator) bool { return !slices.Contains(p.Areas, t.Area) })
}

// standIn is who stands in for somebody who is away; nil when nobody is named,
// may be told, or is there.
func (c *Content) standIn(a *Absence, at time.Time) *Coordinator {
	i := slices.IndexFunc(c.Coordinators.People, func(p Coordinator) bool {
		return a.By != "" && p.Name == a.By && p.Known() && p.AwayOn(at) == nil
	})
	if i < 0 {
		return nil
	}
	return &c.Coordinators.People[i]
}

// asksForCoordinator answers a town's name, alone or with a question after who
// looks after it, and a place that is no town of ours.
func (t *turn) asksForCoordinator(h heard) bool {
	if len(t.c.Coordinators.Ask) == 0 || len(h.text) > maxPhrase {
		return false
	}
	if id := t.townAlone(h.text); id != "" {
		t.s.Town = id
		t.forgetCommand()
		t.showCoordinator(id)
		return true
	}
	if place := t.elsewhere(h); place != "" {
		t.forgetCommand()
		t.say("town.unknown", "place", place, "city", t.c.City.Name.In(t.s.Lang))
		t.choices(t.choice("choice.human", "human"))
		t.count("town-unknown", "")
		return true
	}
	return false
}

// townAlone is the town a text names with nothing but a question around it.
func (t *turn) townAlone(text string) string {
	key := phraseKey(withoutFillers(text))
	best, rest := "", ""
	long := 0
	for i := range t.c.Towns {
		town := &t.c.Towns[i]
		for _, name := range append([]string{town.ID, town.Kana, town.Romaji}, town.Aliases...) {
			k := phraseKey(name)
			if at := strings.Index(key, k); k != "" && at >= 0 && len(k) > long {
				best, long, rest = town.ID, len(k), key[:at]+key[at+len(k):]
			}
		}
	}
	if best == "" || rest != "" && !slices.ContainsFunc(t.c.Coordinators.Ask, func(a string) bool { return phraseKey(a) == rest }) {
		return ""
	}
	return best
}

// placeName is a Japanese place, said alone.
var placeName = regexp.MustCompile(`^(\p{Han}{1,6}[都道府県])?([\p{Han}\p{Hiragana}\p{Katakana}ー]{1,8}[市区町村])(です|だよ|に住んでいます|に住んでます|の担当.{0,8})?[。？?]?$`)

// notPlaces end like one.
var notPlaces = []string{"市", "区", "町", "村", "わたしの町", "私の町", "この町", "うちの町", "下町", "港町", "農村", "都市"}

// elsewhere is a place that a text names and the pack does not know as one of
// the city's towns; empty when it is none.
func (t *turn) elsewhere(h heard) string {
	m := placeName.FindStringSubmatch(strings.Join(strings.Fields(norm.NFKC.String(h.text)), ""))
	if m == nil || h.own.Town != "" || slices.Contains(notPlaces, m[2]) || strings.Contains(t.c.City.Name.In(Ja), m[2]) {
		return ""
	}
	return m[1] + m[2]
}

// showCoordinator shows who looks after a town. Names are told only when
// somebody checked both them and which area the town is in.
func (t *turn) showCoordinator(id string) {
	town := t.townName(id)
	direct := Button{Label: t.reply("button.coordinator"), Data: "hand:general-consult"}
	lines := t.coordinatorLines(id)
	if len(lines) == 0 {
		lines = []string{t.reply("coordinator.unknown")}
	}
	card := Card{Title: t.reply("coordinator.title", "town", town), Lines: lines, Buttons: []Button{direct}}
	if w := t.c.Window("general-consult"); w != nil {
		card.Small = t.deskLine(w)
	}
	t.show(Cards{Alt: card.Title, Cards: []Card{card}})
	t.choices(t.threeThings()...)
	t.count("coordinator", "general-consult")
}

func (t *turn) coordinatorLines(id string) []string {
	if town := t.c.Town(id); town == nil || !t.c.Area(town.Area).Known() {
		return nil
	}
	var lines []string
	for _, p := range t.c.CoordinatorsOf(id) {
		if !p.Known() {
			continue
		}
		line := t.reply("coordinator.who", "name", p.Name)
		if about := p.About.In(t.s.Lang); about != "" {
			line += "\n" + about
		}
		if away := p.AwayOn(t.in.At); away != nil {
			line = t.reply("coordinator.away", append(t.dateOf(away.To), "name", p.Name)...)
			if by := t.c.standIn(away, t.in.At); by != nil {
				line += "\n" + t.reply("coordinator.instead", "name", by.Name)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// dateOf are the parts of a day 2006-01-02.
func (t *turn) dateOf(day string) []string {
	at, err := time.ParseInLocation(time.DateOnly, day, Tokyo)
	if err != nil {
		at = t.in.At
	}
	return t.dateParts(at.In(Tokyo))
}
