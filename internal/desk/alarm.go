package desk

import (
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Alarm is a due time of a case. It waits in the resident's lane of the inbox
// and is decided there, in order with everything else about the case.
type Alarm struct {
	Kind  AlarmKind `json:"kind"`
	Case  string    `json:"case"`
	Entry string    `json:"entry,omitempty"` // of AlarmSend
	Offer string    `json:"offer,omitempty"` // of AlarmOffer
	Level int       `json:"level,omitempty"` // of AlarmUntaken and AlarmAnswer: which calls come next
	Since time.Time `json:"since,omitzero"`  // of AlarmUntaken: since when nobody has the case; of AlarmAnswer: since when the resident waits; of AlarmReached: its beginning; of AlarmRedact: its end
	Who   string    `json:"who,omitempty"`   // of AlarmTalk: who is reminded
	At    time.Time `json:"at"`
}

// AlarmKind tells what an alarm is for.
type AlarmKind string

// The alarms.
const (
	AlarmSend   AlarmKind = "send"   // a reply's moment to be taken back is over
	AlarmNext   AlarmKind = "next"   // a promise is due
	AlarmSnooze AlarmKind = "snooze" // the case wakes
	AlarmOffer  AlarmKind = "offer"  // a hand-over has waited long for an answer
)

// Key is the same for alarms of which the later one counts.
func (a Alarm) Key() string {
	key := string(a.Kind) + ":" + a.Case
	if a.Entry != "" {
		key += ":" + a.Entry
	}
	if a.Who != "" {
		key += ":" + a.Who
	}
	return key
}

// Ring decides what a due time leads to. It may have been overtaken by what
// happened since: then nothing.
func (r Rules) Ring(c Case, a Alarm, id string, at time.Time, arrived func(file string) bool) Decision {
	note := func(kind bot.NoteKind, by Staff, text string) Decision {
		return Decision{Case: c, Entries: []Entry{{ID: "n-" + id + "-" + string(kind), Case: c.ID, At: at, Kind: FromBot, Note: kind, By: by, Text: text}}}
	}
	switch a.Kind {
	case AlarmSend:
		return send(c, a, at, r.undo(), arrived)
	case AlarmShown, AlarmReached: // reception's: it knows what the chat shows
	case AlarmRedact:
		return redact(c, a, id, at)
	case AlarmWaited:
		return waited(c, at)
	case AlarmUntaken:
		return r.untaken(c, a, at)
	case AlarmTalk:
		return r.remind(c, a, at)
	case AlarmAnswer:
		return r.unanswered(c, a, at)
	case AlarmNext:
		if c.Next != nil && !c.Next.Due.After(at) && c.Status != Closed {
			return note(NoteDue, c.Next.By, c.Next.Text)
		}
	case AlarmSnooze:
		if !c.Snoozed.IsZero() && !c.Snoozed.After(at) && c.Status != Closed {
			if later := r.sleeps(c, at); later.Case.Snoozed.After(at) {
				return later // closed since
			}
			c.Snoozed = time.Time{}
			return note(NoteAwake, c.Holder, "")
		}
	case AlarmOffer:
		if c.Offer != nil && c.Offer.ID == a.Offer && c.Status != Closed {
			return note(NoteOfferWaits, c.Offer.By, c.Offer.Window)
		}
	}
	return Decision{Case: c}
}

// What staff are told about a case beside what the dialogue notes.
const (
	NoteDue          bot.NoteKind = "due"            // a promise is due today
	NoteAwake        bot.NoteKind = "awake"          // the case was asleep
	NoteOfferWaits   bot.NoteKind = "offer-waits"    // nobody answered an offered hand-over
	NoteOfferAsked   bot.NoteKind = "offer-asked"    // the resident is asked
	NoteOfferYes     bot.NoteKind = "offer-yes"      // the resident agreed; the window is asked
	NoteOfferNo      bot.NoteKind = "offer-no"       // the resident would rather not
	NoteOfferRefused bot.NoteKind = "offer-refused"  // the window cannot
	NoteOfferEnded   bot.NoteKind = "offer-ended"    // taken back
	NoteAccepted     bot.NoteKind = "offer-accepted" // the window took it
	NoteInvited      bot.NoteKind = "invited"        // a window was asked to join
	NoteJoined       bot.NoteKind = "joined"
	NoteLeftTeam     bot.NoteKind = "left-team"
	NotePlanAsked    bot.NoteKind = "plan-asked"
	NotePlanYes      bot.NoteKind = "plan-yes"
	NotePlanLater    bot.NoteKind = "plan-later" // "not now": theirs, and recorded as theirs
	NotePlanChange   bot.NoteKind = "plan-change"
	NoteStepDone     bot.NoteKind = "step-done"
	NoteConsentAsked bot.NoteKind = "consent-asked"
	NoteConsentYes   bot.NoteKind = "consent-yes"
	NoteConsentNo    bot.NoteKind = "consent-no"
	NoteRevoked      bot.NoteKind = "consent-revoked"
	NotePromise      bot.NoteKind = "promise"
	NoteKept         bot.NoteKind = "kept"
	NoteRated        bot.NoteKind = "rated"
)
