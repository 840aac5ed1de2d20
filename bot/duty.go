package bot

import (
	"slices"
	"time"
)

// Duty says who is called about a danger case that nobody takes, and what
// people of the office may do.
type Duty struct {
	Levels []Level  `yaml:"levels"` // in the order of After
	Again  int      `yaml:"again"`  // minutes after which the last level is repeated; 0: never
	Quiet  *int     `yaml:"quiet"`  // minutes after what staff did last in a case, from whose end on the same danger again waits for them; usual: 10
	People []Person `yaml:"people"` // those whose role is not staff
	Heavy  Heavy    `yaml:"heavy"`  // what is done for people who had a case in danger
	Answer Answers  `yaml:"answer"` // how soon somebody answers a resident first
}

// Answers says how soon somebody of the office answers a resident first, and
// who hears when nobody did. A number that is missing is the usual one; 0 is
// none. All are hours as Hours.Count counts them.
type Answers struct {
	Hours     *int `yaml:"within"` // since the resident handed over; usual: 24. Then who has the case hears
	TeamAfter *int `yaml:"team"`   // … after that, until the team hears; usual: 4
	LeadAfter *int `yaml:"lead"`   // … after that time, until the lead hears; usual: 24
}

// The usual numbers of Answers, in hours.
const (
	usualWithin = 24
	usualTeam   = 4
	usualLead   = 24
)

// Within is how long a first answer may take.
func (a Answers) Within() time.Duration { return hours(a.Hours, usualWithin) }

// Team is how much later the team hears that it did not come.
func (a Answers) Team() time.Duration { return hours(a.TeamAfter, usualTeam) }

// Lead is how much later the lead hears.
func (a Answers) Lead() time.Duration { return hours(a.LeadAfter, usualLead) }

// Heavy says what is done for people who had a case in danger. A number that is
// missing is the usual one; 0 is none.
type Heavy struct {
	Pause    *int `yaml:"pause"`     // hours in which others are asked first when the next one in danger comes; usual: 48
	Debrief  *int `yaml:"debrief"`   // hours after taking one until the reminder to talk about it; at once at its end; usual: 24, 0: never
	TalkEnds bool `yaml:"talk_ends"` // who has talked about it rests no more
}

// The usual numbers of Heavy, in hours.
const (
	usualPause   = 48
	usualDebrief = 24
)

// Rest is how long somebody rests who had a case in danger.
func (h Heavy) Rest() time.Duration { return hours(h.Pause, usualPause) }

// Talk is how long after taking a case in danger somebody is reminded to talk
// about it; 0: nobody is reminded.
func (h Heavy) Talk() time.Duration { return hours(h.Debrief, usualDebrief) }

func hours(n *int, usual int) time.Duration {
	if n == nil {
		n = &usual
	}
	return time.Duration(max(*n, 0)) * time.Hour
}

// Level is one step of the calls for somebody to take a danger case.
type Level struct {
	After int      `yaml:"after"` // minutes since the case waits
	Call  []string `yaml:"call"`  // CallHere …, or Slack ids (U… a person, S… a user group)
	Mail  bool     `yaml:"mail"`  // also by e-mail, to ALERT_EMAIL
}

// Whom a level can call beside Slack ids.
const (
	CallHere    = "here"    // whoever of the channel is at work now
	CallChannel = "channel" // everybody in the channel
	CallDuty    = "duty"    // who is on duty today
	CallLead    = "lead"    // the leads, and the administrators when there is none
	CallAdmin   = "admin"   // the administrators
)

// Person is somebody of the office who has another role than staff.
type Person struct {
	ID    string `yaml:"id"` // Slack member id, U…
	Role  Role   `yaml:"role"`
	Apart bool   `yaml:"apart"` // in the channel, but takes no cases: never suggested
}

// Role is what somebody of the office may do.
type Role string

// The roles. Who is in a team's channel and not named otherwise is staff.
const (
	RoleStaff Role = "staff" // cases of their channels
	RoleLead  Role = "lead"  // also hours and closures
	RoleAdmin Role = "admin" // everything
)

// Steps are the levels in force: those of the pack, or the usual ones.
func (d Duty) Steps() []Level {
	if len(d.Levels) > 0 {
		return d.Levels
	}
	return []Level{{After: 5, Call: []string{CallHere}}, {After: 10, Call: []string{CallChannel}}, {After: 15, Call: []string{CallLead}, Mail: true}}
}

// usualQuiet is the usual number of Quiet, in minutes.
const usualQuiet = 10

// Hush is how long after something staff did in a case they count as being
// there: the same danger again calls nobody before its end.
func (d Duty) Hush() time.Duration {
	n := usualQuiet
	if d.Quiet != nil {
		n = max(*d.Quiet, 0)
	}
	return time.Duration(n) * time.Minute
}

// Role is what the person with this Slack id is.
func (d Duty) Role(id string) Role {
	for _, p := range d.People {
		if p.ID == id && p.Role != "" {
			return p.Role
		}
	}
	return RoleStaff
}

// Apart lists the Slack ids of those who take no cases.
func (d Duty) Apart() []string {
	var ids []string
	for _, p := range d.People {
		if p.Apart {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// May reports whether a person may do what is the lead's. Where the pack names
// neither lead nor administrator, everybody may.
func (d Duty) May(id string) bool {
	return len(d.With(RoleLead)) == 0 && len(d.With(RoleAdmin)) == 0 || d.Role(id) != RoleStaff
}

// With lists the Slack ids of those who have a role.
func (d Duty) With(r Role) []string {
	var ids []string
	for _, p := range d.People {
		if p.Role == r && !slices.Contains(ids, p.ID) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// Wait is how long a level waits.
func (l Level) Wait() time.Duration { return time.Duration(l.After) * time.Minute }

// On lists the periods of the day on which t lies.
func (h *Hours) On(t time.Time) []Period { return h.day(t.In(Tokyo)) }

// Speaking is the same bot, speaking from other content of the same pack: staff
// changed the hours of a day, say.
func (b *Bot) Speaking(c *Content) *Bot {
	other := *b
	other.c = c
	return &other
}

// Least says how little of residents' words stands in the staff's chat.
type Least struct {
	Mask             bool `yaml:"mask"`               // names, telephone numbers and addresses are masked
	RedactAfterClose int  `yaml:"redact_after_close"` // days after a case's end; 0: words stay
}
