package desk

import (
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Member is a further window in a case: one thread, several windows, one lead.
type Member struct {
	Window  string    `json:"window"`
	Does    string    `json:"does,omitempty"` // what they were asked to do
	Who     Staff     `json:"who"`            // who came; empty: asked only
	AskedBy Staff     `json:"askedBy"`
	At      time.Time `json:"at"`                // when they were asked
	Outside bool      `json:"outside,omitempty"` // another organisation
}

// Offer is a hand-over under way: first the resident is asked, then the window.
type Offer struct {
	ID     string    `json:"id"`
	Window string    `json:"window"`
	By     Staff     `json:"by"`
	Why    string    `json:"why,omitempty"`
	When   string    `json:"when,omitempty"`
	Agreed bool      `json:"agreed,omitempty"` // the resident said yes: it is the window's turn
	At     time.Time `json:"at"`
}

// offerWaits is how long nobody's answer to a hand-over is waited for before
// the one who offered it is reminded.
const offerWaits = 24 * time.Hour

// member is the place of a window in the team, -1 when it is not in.
func (c Case) member(window string) int {
	return slices.IndexFunc(c.Team, func(m Member) bool { return m.Window == window })
}

// move begins a hand-over. While nobody has taken the case, or in danger, it
// only reached the wrong desk: it goes on at once and the resident is told.
// Otherwise, and before another organisation reads their words, the resident is
// asked first; who blocked the account cannot be.
func (r Rules) move(c Case, cmd Command, a MoveTo) Decision {
	why := strings.TrimSpace(a.Why)
	switch {
	case a.Window == c.Window:
		return Decision{Case: c, Refused: RefusedSame}
	case c.Offer != nil && !c.certain() && !c.Left:
		return Decision{Case: c, Refused: RefusedOffer}
	case len(c.Moves) > 0 && why == "":
		return Decision{Case: c, Refused: RefusedWhy}
	}
	apart := r.outside(a.Window) || c.Limited(a.Window)
	ask := apart && !c.Allowed(a.Window) && c.ByHand == ""
	if ask && c.Left && !c.certain() {
		return Decision{Case: c, Refused: RefusedUnasked}
	}
	if c.TakenAt.IsZero() && !ask || c.certain() || c.Left {
		c = c.moved(a.Window, cmd.By, why, cmd.At)
		c.Status, c.Holder = New, Staff{}
		return Decision{Case: c, Events: []bot.Event{bot.CaseMoved{Case: c.ID, Window: a.Window}}}
	}
	c.Offer = &Offer{ID: cmd.ID, Window: a.Window, By: cmd.By, Why: why, When: strings.TrimSpace(a.When), At: cmd.At}
	if r.outside(a.Window) {
		c.Consents = append(slices.Clone(c.Consents), Consent{ID: cmd.ID, Window: a.Window, By: cmd.By, At: cmd.At, State: ConsentAsked})
	}
	return Decision{
		Case:    c,
		Entries: []Entry{cmd.note(c, NoteOfferAsked, a.Window)},
		Events:  []bot.Event{bot.HandoverAsked{Case: c.ID, Offer: cmd.ID, Window: a.Window, Why: why, When: c.Offer.When, Outside: r.outside(a.Window)}},
		Alarms:  []Alarm{{Kind: AlarmOffer, Case: c.ID, Offer: cmd.ID, At: r.working(cmd.At.Add(offerWaits))}},
	}
}

// moved gives the lead to another window; who led stays in the team.
func (c Case) moved(window string, by Staff, why string, at time.Time) Case {
	c.FirstAt = c.FirstTaken()
	c.Moves = append(slices.Clone(c.Moves), Move{From: c.Window, To: window, By: by, Why: why, At: at})
	if i := c.member(window); i >= 0 {
		c.Team = slices.Delete(slices.Clone(c.Team), i, i+1)
	}
	c.Window, c.Offer = window, nil
	return c
}

func accept(c Case, cmd Command) Decision {
	switch {
	case c.Offer == nil || !c.Offer.Agreed:
		return Decision{Case: c, Refused: RefusedNoOffer}
	case c.Offer.By.ID == cmd.By.ID:
		return Decision{Case: c, Refused: RefusedOwn}
	}
	o := *c.Offer
	c = c.moved(o.Window, o.By, o.Why, cmd.At)
	c = c.takenBy(cmd)
	return Decision{
		Case:    c,
		Entries: []Entry{cmd.note(c, NoteAccepted, o.Window)},
		Events:  []bot.Event{bot.HandoverAccepted{Case: c.ID, Window: o.Window, By: cmd.By.Name, When: o.When}},
	}
}

// refuse gives the case back to the one who asked. The resident still has
// them, and hears nothing.
func refuse(c Case, cmd Command, a Refuse) Decision {
	if c.Offer == nil || !c.Offer.Agreed {
		return Decision{Case: c, Refused: RefusedNoOffer}
	}
	o := *c.Offer
	c.Offer = nil
	n := cmd.note(c, NoteOfferRefused, strings.TrimSpace(o.Window+"\n"+strings.TrimSpace(a.Why)))
	n.By = o.By // whom it concerns
	return Decision{Case: c, Entries: []Entry{n}, Events: []bot.Event{bot.HandoverEnded{Case: c.ID}}}
}

func cancelOffer(c Case, cmd Command) Decision {
	if c.Offer == nil {
		return Decision{Case: c, Refused: RefusedNoOffer}
	}
	window := c.Offer.Window
	c.Offer = nil
	return Decision{Case: c, Entries: []Entry{cmd.note(c, NoteOfferEnded, window)}, Events: []bot.Event{bot.HandoverEnded{Case: c.ID}}}
}

// invite asks another window into the case. Another organisation sees nothing
// before the resident consents, and the resident is asked by the same act.
func (r Rules) invite(c Case, cmd Command, a Invite) Decision {
	if a.Window == c.Window || c.member(a.Window) >= 0 {
		return Decision{Case: c, Refused: RefusedMember}
	}
	if r.outside(a.Window) && !c.Allowed(a.Window) && c.Left && c.ByHand == "" {
		return Decision{Case: c, Refused: RefusedUnasked}
	}
	m := Member{Window: a.Window, Does: strings.TrimSpace(a.Does), AskedBy: cmd.By, At: cmd.At, Outside: r.outside(a.Window)}
	c.Team = append(slices.Clone(c.Team), m)
	d := Decision{Entries: []Entry{cmd.note(c, NoteInvited, strings.TrimSpace(a.Window+"\n"+m.Does))}}
	if (m.Outside || c.Limited(a.Window)) && !c.Allowed(a.Window) {
		c.Consents = append(slices.Clone(c.Consents), Consent{ID: cmd.ID, Window: a.Window, What: m.Does, By: cmd.By, At: cmd.At, State: ConsentAsked})
		d.Events = []bot.Event{bot.ConsentAsked{Case: c.ID, Consent: cmd.ID, Window: a.Window, What: m.Does}}
	}
	d.Case = c
	return d
}

func join(c Case, cmd Command, a Join) Decision {
	i := c.member(a.Window)
	switch {
	case i < 0:
		return Decision{Case: c, Refused: RefusedNoOffer}
	case c.Team[i].Who.ID == cmd.By.ID:
		return Decision{Case: c, Refused: RefusedYours}
	case c.Team[i].Who.ID != "":
		return Decision{Case: c, Refused: RefusedMember}
	}
	c.Team = slices.Clone(c.Team)
	c.Team[i].Who = cmd.By
	return Decision{
		Case: c, Entries: []Entry{cmd.note(c, NoteJoined, a.Window)},
		Events: []bot.Event{bot.TeamJoined{Case: c.ID, Window: a.Window}},
	}
}

func leave(c Case, cmd Command, a Leave) Decision {
	i := c.member(a.Window)
	if i < 0 {
		return Decision{Case: c, Refused: RefusedNoOffer}
	}
	c.Team = slices.Delete(slices.Clone(c.Team), i, i+1)
	return Decision{
		Case: c, Entries: []Entry{cmd.note(c, NoteLeftTeam, a.Window)},
		Events: []bot.Event{bot.TeamLeft{Case: c.ID, Window: a.Window}},
	}
}
