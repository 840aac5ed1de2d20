package desk

import (
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Consent is the resident's answer to whether another organisation may be
// told. It is theirs: it can be taken back at any time.
type Consent struct {
	ID      string       `json:"id"`
	Window  string       `json:"window,omitempty"` // when it is one of the pack's
	With    string       `json:"with,omitempty"`   // the organisation's name otherwise
	What    string       `json:"what,omitempty"`
	Text    string       `json:"text,omitempty"`    // the very words the resident read
	Version string       `json:"version,omitempty"` // of the pack they are from
	State   ConsentState `json:"state"`
	By      Staff        `json:"by"` // who asked
	At      time.Time    `json:"at"`
	Ended   time.Time    `json:"ended,omitzero"` // when it was revoked
}

// ConsentState is how far a consent is.
type ConsentState string

// The states of a consent.
const (
	ConsentAsked   ConsentState = "asked"
	ConsentGiven   ConsentState = "given"
	ConsentRefused ConsentState = "refused"
	ConsentRevoked ConsentState = "revoked"
)

// Allowed reports whether a window that is another organisation's may be told
// the resident's words.
func (c Case) Allowed(window string) bool {
	for _, x := range slices.Backward(c.Consents) {
		if x.Window == window {
			return x.State == ConsentGiven
		}
	}
	return false
}

// MaySee reports whether a window of the team may see the resident's words.
func (c Case) MaySee(m Member) bool {
	return !m.Outside && !c.Limited(m.Window) || c.Allowed(m.Window)
}

func askConsent(c Case, cmd Command, a AskConsent) Decision {
	with := strings.TrimSpace(a.With)
	if with == "" {
		return Decision{Case: c, Refused: RefusedEmpty}
	}
	what := strings.TrimSpace(a.What)
	c.Consents = append(slices.Clone(c.Consents), Consent{ID: cmd.ID, With: with, What: what, By: cmd.By, At: cmd.At, State: ConsentAsked})
	return Decision{
		Case: c, Entries: []Entry{cmd.note(c, NoteConsentAsked, with)},
		Events: []bot.Event{bot.ConsentAsked{Case: c.ID, Consent: cmd.ID, With: with, What: what}},
	}
}

// consented writes down the resident's answer with the text they answered.
func consented(c Case, a bot.Answer, at time.Time) Decision {
	i := slices.IndexFunc(c.Consents, func(x Consent) bool { return x.ID == a.ID })
	if i < 0 {
		return Decision{Case: c}
	}
	c.Consents = slices.Clone(c.Consents)
	x := &c.Consents[i]
	x.State, x.Text, x.Version, x.At, x.Ended = ConsentGiven, a.Text, a.Version, at, time.Time{}
	kind := NoteConsentYes
	if a.Says != bot.SaysYes {
		x.State, kind = ConsentRefused, NoteConsentNo
	}
	return Decision{Case: c, Entries: []Entry{answerNote(c, a, kind, x.name(), at)}}
}

// revoke ends all sharing. Windows of other organisations that are in the case
// are out of it, and one that was to take it over does not.
func revoke(c Case, a bot.Answer, at time.Time) Decision {
	var names []string
	c.Consents = slices.Clone(c.Consents)
	for i := range c.Consents {
		x := &c.Consents[i]
		if x.State == ConsentGiven || x.State == ConsentAsked {
			x.State, x.Ended = ConsentRevoked, at
			names = append(names, x.name())
		}
	}
	if len(names) == 0 {
		return Decision{Case: c}
	}
	d := Decision{Entries: []Entry{answerNote(c, a, NoteRevoked, strings.Join(names, "\n"), at)}}
	if o := c.Offer; o != nil && o.Agreed && c.asked(o.ID) { // what was asked with it is their yes no more
		c.Offer = nil
		n := answerNote(c, a, NoteOfferNo, o.Window, at)
		n.By = o.By
		d.Entries = append(d.Entries, n)
	}
	d.Case = c
	return d
}

// asked reports whether a consent with this id was asked for.
func (c Case) asked(id string) bool {
	return slices.ContainsFunc(c.Consents, func(x Consent) bool { return x.ID == id })
}

func (x Consent) name() string {
	if x.With != "" {
		return x.With
	}
	return x.Window
}
