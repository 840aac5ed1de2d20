package bot

import "slices"

// Window is one place to ask, an id of windows.tsv.
//
// Its sentences (Plain, Always, Then, Bring) are what the office says and
// stands by; Reviewed tells when the team read them last. Everything about the
// world outside the office is a fact with a source and a day of verification
// of its own, and reaches residents only when it is verified.
type Window struct {
	ID       string     `yaml:"id"`
	Order    int        `yaml:"order"` // among all windows, for lists
	Kind     string     `yaml:"kind"`  // general, consultation, emergency, information, participation
	Name     Words      `yaml:"name"`
	Plain    Words      `yaml:"plain"`    // one line: what is done there, in everyday words
	Can      []Words    `yaml:"can"`      // three to five things one can say there
	Always   Words      `yaml:"always"`   // what must be said with it (a loan is examined and paid back …)
	Then     Words      `yaml:"then"`     // what happens after asking here
	Bring    Words      `yaml:"bring"`    // what to bring; empty when nothing
	Choice   Words      `yaml:"choice"`   // as an answer to "which is it?", at most 20 characters
	After    *After     `yaml:"after"`    // facts about what happens after asking there
	Hours    *Hours     `yaml:"hours"`    // nil: the desk's
	Contacts []Contact  `yaml:"contacts"` //
	Places   []Place    `yaml:"places"`   // where one can go
	Serves   *Served    `yaml:"serves"`   // whom it is for; nil: the whole city
	Spoken   []Spoken   `yaml:"languages"`
	Outreach []Outreach `yaml:"outreach"` // 出張相談会
	Related  []string   `yaml:"related"`
	Team     string     `yaml:"team"`     // Slack team, a key of SLACK_CHANNELS
	People   bool       `yaml:"people"`   // staff take cases of this window (not: garbage, greeting …)
	Uncalled bool       `yaml:"uncalled"` // no other window hands a case over to it or calls it in (a number to ring, a day's dates …)
	Menu     bool       `yaml:"menu"`     // among the twelve of the list of windows
	Quiet    bool       `yaml:"quiet"`    // who asks may be watched: nothing is kept, and no notification names the topic
	Outside  bool       `yaml:"outside"`  // another organisation: sees no words without the resident's consent
	Form     string     `yaml:"form"`     // form to fill in before opportunities are shown
	Reviewed string     `yaml:"reviewed"` // YYYY-MM-DD when the team read these sentences last, or "no"
}

// After is what happens once somebody has asked at a window.
type After struct {
	Who    *Statement `yaml:"who"`    // who answers
	Soon   *Statement `yaml:"soon"`   // how soon
	Cost   *Statement `yaml:"cost"`   // free, or what it costs
	Secret *Statement `yaml:"secret"` // who else gets to know
}

// statements are the facts there are, in the order in which they are told.
func (a *After) statements() []*Statement {
	if a == nil {
		return nil
	}
	return []*Statement{a.Who, a.Soon, a.Cost, a.Secret}
}

// The ways to reach a window.
const (
	ContactPhone = "phone"
	ContactFax   = "fax"
	ContactMail  = "mail"
	ContactURL   = "url" // https
)

// Contact is a fact about a real office. Only verified ones reach residents.
type Contact struct {
	Kind     string   `yaml:"kind"` // phone, fax, mail, url
	Value    string   `yaml:"value"`
	Label    Words    `yaml:"label"` // whose it is, at most 40 characters
	Areas    []string `yaml:"areas"` // 圏域 it is for; empty: the whole city
	Source   string   `yaml:"source"`
	Verified string   `yaml:"verified"` // YYYY-MM-DD, or "no"
}

// Known reports whether the contact may be shown as fact.
func (c Contact) Known() bool { return Checked(c.Verified) }

// Place is where one can go. Each of its accesses is a fact of its own.
type Place struct {
	Name     Words    `yaml:"name"`
	Address  string   `yaml:"address"` // as on an envelope, without the city
	Way      Words    `yaml:"way"`     // how to get there
	Lat      float64  `yaml:"lat"`     // degrees north, WGS 84; 0 when unknown
	Lon      float64  `yaml:"lon"`     // degrees east, WGS 84; 0 when unknown
	Areas    []string `yaml:"areas"`   // 圏域 it is for; empty: the whole city
	Access   []Access `yaml:"access"`
	Source   string   `yaml:"source"`
	Verified string   `yaml:"verified"`
}

// Known reports whether the place may be shown as fact.
func (p Place) Known() bool { return Checked(p.Verified) }

// Access is one thing that makes a place usable for somebody. ID is one of
// AccessKinds; the words for it are the replies access.ID.
type Access struct {
	ID       string `yaml:"id"`
	Source   string `yaml:"source"`
	Verified string `yaml:"verified"`
}

// Known reports whether people may rely on it.
func (a Access) Known() bool { return Checked(a.Verified) }

// AccessKinds are the accesses there are words for.
func AccessKinds() []string {
	return []string{"step-free", "lift", "wheelchair-toilet", "parking", "hearing-loop", "sign-language", "writing", "child-space", "quiet"}
}

// Served says for which 圏域 a window is.
type Served struct {
	Areas    []string `yaml:"areas"`
	Source   string   `yaml:"source"`
	Verified string   `yaml:"verified"`
}

// Known reports whether it may be told. Nothing is not known.
func (s *Served) Known() bool { return s != nil && Checked(s.Verified) }

// Spoken is a language in which one can talk at a window.
type Spoken struct {
	Lang     Lang   `yaml:"lang"` // one the bot has
	When     Words  `yaml:"when"` // days, by appointment, by telephone …; empty: always
	Source   string `yaml:"source"`
	Verified string `yaml:"verified"`
}

// Known reports whether the language may be promised.
func (s Spoken) Known() bool { return Checked(s.Verified) }

// Outreach is one day on which staff of a window come to a place in town
// (出張相談会).
type Outreach struct {
	Date      string   `yaml:"date"` // YYYY-MM-DD
	From      string   `yaml:"from"` // HH:MM
	To        string   `yaml:"to"`   // HH:MM
	Place     Words    `yaml:"place"`
	Address   string   `yaml:"address"`
	About     Words    `yaml:"about"` // what can be asked, when not everything of the window
	Areas     []string `yaml:"areas"` // 圏域 it is near to; empty: for everybody
	Book      bool     `yaml:"book"`  // one has to book
	Cancelled bool     `yaml:"cancelled"`
	Source    string   `yaml:"source"`
	Verified  string   `yaml:"verified"`
}

// Known reports whether people may be sent there.
func (o Outreach) Known() bool { return Checked(o.Verified) }

// Town is a 町 with its spellings and area (圏域).
type Town struct {
	ID            string   `yaml:"id"` // kanji
	Kana          string   `yaml:"kana"`
	Romaji        string   `yaml:"romaji"`
	Aliases       []string `yaml:"aliases"`
	Area          string   `yaml:"area"`  // id of areas.yaml
	Chome         string   `yaml:"chome"` // 丁目: "1-7", "none" when the town has none, or "unknown"
	ChomeSource   string   `yaml:"chome_source"`
	ChomeVerified string   `yaml:"chome_verified"`
}

// Area is a 日常生活圏域: towns that one coordinator's desk looks after. Which
// town lies in which stands with the towns; whether that may be relied on,
// here.
type Area struct {
	ID       string `yaml:"id"`
	Name     Words  `yaml:"name"`
	Source   string `yaml:"source"`
	Verified string `yaml:"verified"`
}

// Known reports whether residents may be sent somewhere because they live in
// this area.
func (a *Area) Known() bool { return a != nil && Checked(a.Verified) }

// serves reports whether something for these areas is for a resident of town.
// While the town is not known, or its area not verified, only what is for the
// whole city is.
func (c *Content) serves(areas []string, town string) bool {
	if len(areas) == 0 {
		return true
	}
	t := c.Town(town)
	return t != nil && c.Area(t.Area).Known() && slices.Contains(areas, t.Area)
}
