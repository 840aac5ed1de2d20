package desk

import (
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Answered applies what the resident answered to what staff asked.
func (r Rules) Answered(c Case, a bot.Answer, id string, at time.Time) Decision {
	a.Input = id
	switch a.To {
	case bot.ToHandover:
		return r.offerAnswered(c, a, at)
	case bot.ToConsent:
		if a.Says == bot.SaysRevoke {
			return revoke(c, a, at)
		}
		return consented(c, a, at)
	case bot.ToPlan:
		return planAnswered(c, a, at)
	case bot.ToStep:
		return stepDone(c, at, a.ID, NoteStepDone, "n-"+id+"-step", Staff{})
	case bot.ToClose:
		return rated(c, a, at)
	case bot.ToAfter:
		return after(c, a, at)
	}
	return Decision{Case: c}
}

func answerNote(c Case, a bot.Answer, kind bot.NoteKind, text string, at time.Time) Entry {
	e := Entry{ID: "n-" + a.Input + "-" + string(kind), Case: c.ID, At: at, Kind: FromBot, Note: kind, Text: text}
	if a.Words != "" { // they can take them back
		e.MessageID = a.Message
	}
	return e
}

// offerAnswered: with a yes it is the window's turn; with a no everything
// stays, and the no is written down as the resident's.
func (r Rules) offerAnswered(c Case, a bot.Answer, at time.Time) Decision {
	if c.Offer == nil || c.Offer.ID != a.ID || c.Offer.Agreed {
		return Decision{Case: c}
	}
	o := *c.Offer
	d := Decision{}
	if c.asked(a.ID) {
		c = consented(c, a, at).Case // the same answer, for another organisation
	}
	if a.Says == bot.SaysYes {
		o.Agreed = true
		c.Offer = &o
		if c.Limited(o.Window) { // they were asked about this very window
			c = c.freed(o.Window, at)
		}
		d.Entries = []Entry{answerNote(c, a, NoteOfferYes, o.Window, at)}
		d.Alarms = []Alarm{{Kind: AlarmOffer, Case: c.ID, Offer: o.ID, At: r.working(at.Add(offerWaits))}}
	} else {
		c.Offer = nil
		n := answerNote(c, a, NoteOfferNo, o.Window, at)
		n.By = o.By
		d.Entries = []Entry{n}
	}
	d.Case = c
	return d
}

// Rating is how it was, in the resident's eyes.
type Rating struct {
	Score int       `json:"score"` // 3 good, 2 so so, 1 not good
	Words string    `json:"words,omitempty"`
	At    time.Time `json:"at"`
}

func rated(c Case, a bot.Answer, at time.Time) Decision {
	rating := Rating{At: at}
	if c.Rating != nil {
		rating = *c.Rating
	}
	if a.Words != "" {
		rating.Words = a.Words
	}
	if n := strings.Index("123", a.Says); a.Says != "" && n >= 0 {
		rating.Score = n + 1
	}
	c.Rating = &rating
	return Decision{Case: c, Entries: []Entry{answerNote(c, a, NoteRated, a.Says+"\n"+a.Words, at)}}
}

// NoteAfter is what the resident said when they were asked, some time after the
// end, how things are. Its text is bot.SaysYes, bot.SaysAgain or nothing, and on
// the next lines their words. It calls who had the case, unless all is well.
const NoteAfter bot.NoteKind = "after"

func after(c Case, a bot.Answer, at time.Time) Decision {
	n := answerNote(c, a, NoteAfter, strings.TrimRight(a.Says+"\n"+a.Words, "\n"), at)
	if a.Says != bot.SaysYes {
		n.By = c.Holder
	}
	return Decision{Case: c, Entries: []Entry{n}}
}

// The outcomes of a case. The values are kept.
const (
	Resolved  = "resolved"  // it is solved
	Connected = "connected" // somebody else helps: Where
	Elsewhere = "elsewhere" // goes on elsewhere: Where
	NoAnswer  = "unreachable"
	Mistake   = "mistake"
)

// closeCase ends a case. Replies that are still held back leave all the same:
// who wrote them meant them.
func closeCase(c Case, cmd Command, a Close) Decision {
	c.Status, c.ClosedAt, c.Outcome, c.Where = Closed, cmd.At, a.Outcome, strings.TrimSpace(a.Where)
	c.Offer, c.Asked, c.Snoozed, c.Next, c.Rating = nil, nil, time.Time{}, nil, nil
	return Decision{Case: c, Events: []bot.Event{bot.CaseClosed{Case: c.ID, Outcome: a.Outcome, Where: c.Where}}}
}

// Reopen gives a closed case back to its window; whoever had it has it again.
func Reopen(c Case) Case {
	if c.Status != Closed {
		return c
	}
	c.Status, c.ClosedAt, c.Cleared, c.Outcome, c.Where = New, time.Time{}, time.Time{}, "", ""
	if c.Holder.ID != "" {
		c.Status = Taken
	}
	c.Reopened++
	return c
}
