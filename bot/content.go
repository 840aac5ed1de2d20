package bot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot/faq"
)

// Lang is a language the bot answers in, as a BCP 47 tag; EasyJa is やさしい日本語.
type Lang string

// The languages every reply of the pack must have.
const (
	Ja     Lang = "ja"
	EasyJa Lang = "ja-easy"
	En     Lang = "en"
	Zh     Lang = "zh"
	Ko     Lang = "ko"
	Vi     Lang = "vi"
)

func (l Lang) japanese() bool { return l == Ja || l == EasyJa }

// Langs are all languages, in the order residents choose from.
var Langs = []Lang{Ja, EasyJa, En, Zh, Ko, Vi}

// Words is one text in each language.
type Words map[Lang]string

// In returns the text in l; the check guarantees that it is there, so falling
// back to Japanese only serves packs under construction.
func (w Words) In(l Lang) string {
	if s := w[l]; s != "" {
		return s
	}
	if s := w[EasyJa]; s != "" && l != Ja {
		return s
	}
	return w[Ja]
}

// Content is the whole content pack as the dialogue uses it. Package intents
// reads it from YAML and checks it. It is never changed after loading.
type Content struct {
	Version       string // hash of the files
	City          City
	Windows       []Window
	Hotlines      []Hotline
	Dangers       []Danger
	Towns         []Town
	Areas         []Area
	Lists         Lists // where Shelters and Facilities come from
	Shelters      []Shelter
	Facilities    []Facility
	Opportunities []Opportunity
	Forms         []Form
	Replies       map[Lang]map[string]string // by key; {name} are placeholders
	Templates     []Template                 // sentences staff begin from
	Says          []Saying                   // what short typed answers and commands mean
	FAQ           []FAQ                      // questions people ask often
	Civic         []faq.Rule                 // from residents' words to those of the city hall
	Plan          CityPlan
	Menu          Menu
	Coordinators  Coordinators
	Limits        Limits   // how people write that somebody must not be told
	Duty          Duty     // who is called about danger, and who may do what
	OnDuty        []string // Slack ids of who is on duty today, as staff said; not of the files

	windows map[string]*Window
	dangers map[string]*Danger
	towns   map[string]*Town
	areas   map[string]*Area
	roles   map[string]*Opportunity
	forms   map[string]*Form

	goals       map[string]*Goal
	themes      map[string]*Theme
	initiatives map[string]*Initiative
}

// City is who runs this account.
type City struct {
	Name    Words    `yaml:"name"`
	Office  Words    `yaml:"office"`  // 立川市社会福祉協議会
	Privacy string   `yaml:"privacy"` // https address of what happens to one's words; empty: PUBLIC_URL/privacy
	Desk    Hours    `yaml:"desk"`    // when staff answer in LINE
	Slack   Least    `yaml:"slack"`   // how little of residents' words Slack holds
	Answer  Words    `yaml:"answer"`  // how soon staff answer within these hours
	After   FollowUp `yaml:"after"`   // when residents are asked how things are, after a good end
	// Disaster puts the menus for a disaster on all phones.
	Disaster bool   `yaml:"disaster"`
	Map      string `yaml:"map"` // https address of a map, {lat} and {lon} in it; empty: places have no link
}

// FollowUp says how many days after a case ended well its resident is asked how
// things are, once each. None: nobody is asked.
type FollowUp struct {
	Days []int `yaml:"days"`
}

// Hotline is a national or regional number (hotlines.tsv).
type Hotline struct {
	Number        string   `yaml:"number"`
	Name          Words    `yaml:"name"`
	For           Words    `yaml:"for"`
	Windows       []string `yaml:"windows"`
	Hours         Words    `yaml:"hours"` // shown only when HoursVerified
	Free          bool     `yaml:"free"`
	Source        string   `yaml:"source"`
	Verified      string   `yaml:"verified"` // of the number
	HoursVerified string   `yaml:"hours_verified"`
}

// Known reports whether the number may be shown.
func (h Hotline) Known() bool { return Checked(h.Verified) }

// HoursKnown reports whether its hours may be shown.
func (h Hotline) HoursKnown() bool { return Checked(h.HoursVerified) }

// Danger says what the bot does about one kind of danger.
type Danger struct {
	Kind    string   `yaml:"kind"`
	Window  string   `yaml:"window"`
	Numbers []string `yaml:"numbers"` // at most three hotlines, most fitting first
	Name    string   `yaml:"name"`    // for staff, in Japanese
}

// FAQ is a question people ask often, with its answer.
type FAQ struct {
	ID       string
	Window   string // that knows more; empty when none
	Tag      string // the field it stands under on the city's page
	Question Words
	Answer   Words
	Source   Words  // where the answer stands
	Verified string // YYYY-MM-DD, or "no"
}

// Known reports whether the answer may be shown as fact.
func (q FAQ) Known() bool { return q.Verified != "" && q.Verified != "no" }

// Opportunity is a role somebody can take.
type Opportunity struct {
	ID       string   `yaml:"id"`
	Name     Words    `yaml:"name"`
	About    Words    `yaml:"about"`
	Towns    []string `yaml:"towns"` // empty: anywhere in the city
	Online   bool     `yaml:"online"`
	Days     []string `yaml:"days"` // mon … sun; empty: to be agreed
	Minutes  int      `yaml:"minutes"`
	Skills   []string `yaml:"skills"`  // ids of the form's skill options
	MinAge   int      `yaml:"min_age"` // years, 0 when any
	Window   string   `yaml:"window"`  // whose staff take applications; empty: volunteer
	Source   string   `yaml:"source"`
	Verified string   `yaml:"verified"`
}

// Known reports whether its days and places have been confirmed.
func (o Opportunity) Known() bool { return Checked(o.Verified) }

// Form is a list of questions the bot asks one at a time.
type Form struct {
	ID     string  `yaml:"id"`
	Fields []Field `yaml:"fields"`
	Then   string  `yaml:"then"` // what the answers are for: "opportunities"
}

// Field is one question of a form.
type Field struct {
	ID      string   `yaml:"id"`
	Kind    string   `yaml:"kind"` // town, days, choice, text
	Ask     Words    `yaml:"ask"`
	Options []Option `yaml:"options"`
}

// Option is one answer to a choice, with the words by which it is recognised in free text.
type Option struct {
	ID    string   `yaml:"id"`
	Label Words    `yaml:"label"` // at most 20 characters
	Words []string `yaml:"words"`
}

// Template is a sentence of the office that staff begin a reply from. {staff},
// {number}, {office} and {window} are filled in; what stands in 〔 〕 staff fill.
type Template struct {
	ID      string   `yaml:"id"`
	Name    string   `yaml:"name"`    // for staff, in Japanese
	Windows []string `yaml:"windows"` // empty: for all
	Text    Words    `yaml:"text"`
}

// Saying tells what a short typed text means: a flow answer such as "yes", or
// a command such as "lang:en". A text means it when, normalised, it is one of
// Texts.
type Saying struct {
	Means string   `yaml:"means"`
	Texts []string `yaml:"texts"`
}

// Index prepares the lookups. It must be called once, after filling c.
func (c *Content) Index() {
	c.windows = indexed(c.Windows, func(w *Window) string { return w.ID })
	c.dangers = indexed(c.Dangers, func(d *Danger) string { return d.Kind })
	c.towns = indexed(c.Towns, func(t *Town) string { return t.ID })
	c.areas = indexed(c.Areas, func(a *Area) string { return a.ID })
	c.roles = indexed(c.Opportunities, func(o *Opportunity) string { return o.ID })
	c.forms = indexed(c.Forms, func(f *Form) string { return f.ID })
	c.goals = indexed(c.Plan.Goals, func(g *Goal) string { return g.ID })
	c.themes = indexed(c.Plan.Themes, func(t *Theme) string { return t.ID })
	c.initiatives = indexed(c.Plan.Initiatives, func(i *Initiative) string { return i.ID })
}

func indexed[T any](list []T, id func(*T) string) map[string]*T {
	m := make(map[string]*T, len(list))
	for i := range list {
		m[id(&list[i])] = &list[i]
	}
	return m
}

// Window returns the window with this id, nil when there is none.
func (c *Content) Window(id string) *Window { return c.windows[id] }

// Danger returns what is done about a kind of danger, nil when unknown.
func (c *Content) Danger(kind string) *Danger { return c.dangers[kind] }

// Town returns the town with this name, nil when there is none.
func (c *Content) Town(id string) *Town { return c.towns[id] }

// Area returns the 圏域 with this id, nil when there is none.
func (c *Content) Area(id string) *Area { return c.areas[id] }

// Opportunity returns the opportunity with this id, nil when there is none.
func (c *Content) Opportunity(id string) *Opportunity { return c.roles[id] }

// Form returns the form with this id, nil when there is none.
func (c *Content) Form(id string) *Form { return c.forms[id] }

// Hotline returns the hotline with this number, nil when there is none or it
// may not be shown.
func (c *Content) Hotline(number string) *Hotline {
	i := slices.IndexFunc(c.Hotlines, func(h Hotline) bool { return h.Number == number && h.Known() })
	if i < 0 {
		return nil
	}
	return &c.Hotlines[i]
}

// Reply returns the sentence with this key in l, its placeholders filled from
// pairs (name, value, name, value …). A missing key is a mistake in the pack
// that the check finds; at run time the key itself shows where.
func (c *Content) Reply(l Lang, key string, pairs ...string) string {
	s, ok := c.Replies[l][key]
	if !ok {
		s, ok = c.Replies[Ja][key]
	}
	if !ok {
		return fmt.Sprintf("[%s]", key)
	}
	if len(pairs) == 0 {
		return s
	}
	fill := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		fill = append(fill, "{"+pairs[i]+"}", pairs[i+1])
	}
	return strings.NewReplacer(fill...).Replace(s)
}
