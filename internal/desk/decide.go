package desk

import (
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Rules are what the desk goes by. The zero value is usable.
type Rules struct {
	// Undo is how long a reply can be taken back; 0: the usual Undo.
	Undo time.Duration
	// Outside tells whether a window is another organisation's, which sees no
	// words without the resident's consent; nil: none is.
	Outside func(window string) bool
	// RedactDays is how many days after the end of a case its words leave the
	// chat; 0: they stay.
	RedactDays int
	// Duty says who is called about danger that nobody takes.
	Duty bot.Duty
	// Hours are those of the desk: outside of them nobody is reminded of what
	// can wait.
	Hours bot.Hours
	// Now is when a command is decided, which can be long after it was given: a
	// reply can be taken back from then on; zero: at its own time.
	Now time.Time
	// Rest tells who rests from danger, and until when. Who is called by name
	// when nobody takes a case should be somebody else.
	Rest map[string]time.Time
}

func (r Rules) undo() time.Duration {
	if r.Undo == 0 {
		return Undo
	}
	return r.Undo
}

// after is a command's time, or when it is decided when that is later.
func (r Rules) after(at time.Time) time.Time {
	if r.Now.After(at) {
		return r.Now
	}
	return at
}

func (r Rules) outside(window string) bool { return r.Outside != nil && r.Outside(window) }

// Decision is what becomes true because of a command, an answer of the
// resident, or a due time. When Refused is not empty nothing changes, and only
// the staff member is told why.
type Decision struct {
	Case    Case
	Entries []Entry     // to add to the case's history
	Changed []Change    // of entries that are there already
	Events  []bot.Event // what the resident's dialogue must know, in order
	Alarms  []Alarm     // an alarm with the same Key is replaced
	Fetch   []File      // files to get from where staff put them
	Redrawn bool        // everything the chat shows of the case is drawn anew
	Alert   bool        // the second route is used as well: an e-mail
	Aside   bool        // nothing that the chat shows of the case changes
	Sent    string      // entry of the staff reply that leaves now, empty when none
	Refused Refusal

	Reminders []Reminder    // private words to one person each
	Returned  []PersonAsked // who cannot take the case: whoever asked them is told, in private
}

// Change is a new fate of an entry.
type Change struct {
	Entry string
	Fate  Fate
	By    Staff // who took it back
}

// Refusal says in one word why a command was refused; the desk's edge has the
// sentence.
type Refusal string

// The refusals.
const (
	RefusedTaken   Refusal = "taken"    // somebody else has the case (Case.Holder says who)
	RefusedYours   Refusal = "yours"    // the staff member has it already
	RefusedClosed  Refusal = "closed"   // the case has ended
	RefusedEmpty   Refusal = "empty"    // there is nothing to send
	RefusedLong    Refusal = "long"     // longer than LINE takes
	RefusedSame    Refusal = "same"     // the case is with that window already
	RefusedGone    Refusal = "gone"     // the resident blocked the account: nothing can arrive
	RefusedUnasked Refusal = "unasked"  // another organisation, and who blocked the account cannot be asked
	RefusedLate    Refusal = "late"     // it has left already, or was taken back
	RefusedFile    Refusal = "file"     // a kind or size that LINE or telephones do not open
	RefusedWhy     Refusal = "why"      // a second hand-over needs a reason
	RefusedOffer   Refusal = "offer"    // another hand-over is under way
	RefusedNoOffer Refusal = "no-offer" // there is none (any more)
	RefusedOwn     Refusal = "own"      // nobody accepts their own hand-over
	RefusedMember  Refusal = "member"   // that window is in the case already
	RefusedTime    Refusal = "time"     // the time lies in the past
)

// MaxReply is how many UTF-16 units LINE takes in one text message:
// https://developers.line.biz/en/reference/messaging-api/#text-message
const MaxReply = 5000

// Decide applies one staff member's command under the usual rules.
func Decide(c Case, cmd Command) Decision { return Rules{}.Decide(c, cmd) }

// Decide applies one staff member's command to a case. Two people who claim at
// once arrive one after the other: the second is refused and told who has it.
func (r Rules) Decide(c Case, cmd Command) Decision {
	d := r.decide(c, cmd)
	if d.Refused == "" && !d.Aside {
		d.Case = r.heeded(c, d.Case, cmd.At)
	}
	if d.Refused == "" && speaks(cmd.Action) {
		d.Case = d.Case.answeredAt(cmd.At)
	}
	return d.passes(c, cmd)
}

func (r Rules) decide(c Case, cmd Command) Decision {
	if b, ok := cmd.Action.(TakeBack); ok { // also at the very end of a case
		return takeBack(c, cmd, b)
	}
	if w, ok := cmd.Action.(Write); ok { // a telephone call after the end
		return write(c, cmd, w)
	}
	switch cmd.Action.(type) {
	case Talked:
		return r.talked(c, cmd, false)
	case TalkLater:
		return r.talked(c, cmd, true)
	}
	if c.Status == Closed {
		return Decision{Case: c, Refused: RefusedClosed}
	}
	if why := unreachable(c, cmd.Action); why != "" {
		return Decision{Case: c, Refused: why}
	}
	switch a := cmd.Action.(type) {
	case Take:
		return take(c, cmd)
	case Release:
		return release(c, cmd, a)
	case Reply:
		return reply(c, cmd, a, r.after(cmd.At).Add(r.undo()))
	case MoveTo:
		return r.move(c, cmd, a)
	case Accept:
		return accept(c, cmd)
	case Refuse:
		return refuse(c, cmd, a)
	case CancelOffer:
		return cancelOffer(c, cmd)
	case Invite:
		return r.invite(c, cmd, a)
	case Join:
		return join(c, cmd, a)
	case Leave:
		return leave(c, cmd, a)
	case Propose:
		return propose(c, cmd, a)
	case StepDone:
		return stepDone(c, cmd.At, a.Step, NoteStepDone, "n-"+cmd.ID, cmd.By)
	case AskConsent:
		return askConsent(c, cmd, a)
	case Promise:
		return promise(c, cmd, a)
	case Kept:
		return kept(c, cmd)
	case Snooze:
		return r.snooze(c, cmd, a)
	case Close:
		return closeCase(c, cmd, a)
	case AskPerson:
		return askPerson(c, cmd, a)
	case Cannot:
		return cannot(c, cmd)
	}
	return Decision{Case: c}
}

// note is a line for staff that follows from a command.
func (cmd Command) note(c Case, kind bot.NoteKind, text string) Entry {
	return Entry{ID: "n-" + cmd.ID + "-" + string(kind), Case: c.ID, At: cmd.At, Kind: FromBot, Note: kind, By: cmd.By, Text: text}
}

func take(c Case, cmd Command) Decision {
	switch {
	case c.Holder.ID == cmd.By.ID:
		return Decision{Case: c, Refused: RefusedYours}
	case c.Holder.ID != "" && !c.passes(cmd.By.ID):
		return Decision{Case: c, Refused: RefusedTaken}
	}
	again := !c.TakenAt.IsZero()
	c = c.takenBy(cmd)
	return Decision{Case: c, Events: []bot.Event{bot.CaseTaken{Case: c.ID, By: cmd.By.Name, Again: again}}}
}

// takenBy makes a person the holder.
func (c Case) takenBy(cmd Command) Case {
	c.FirstAt = c.FirstTaken()
	if c.FirstAt.IsZero() && c.TakenAt.IsZero() {
		c.FirstAt = cmd.At
	}
	c.Status, c.Holder, c.TakenAt = Taken, cmd.By, cmd.At
	return c
}

// FirstTaken is when somebody took the case first; zero when nobody did, or
// when an older program did not write it down and it was handed over since.
func (c Case) FirstTaken() time.Time {
	if c.FirstAt.IsZero() && len(c.Moves) == 0 {
		return c.TakenAt
	}
	return c.FirstAt
}

func release(c Case, cmd Command, a Release) Decision {
	if c.Holder.ID == "" || c.Holder.ID != cmd.By.ID && c.Holder.ID != a.Absent {
		return Decision{Case: c, Refused: RefusedTaken}
	}
	c.Status, c.Holder = New, Staff{}
	return Decision{Case: c, Events: []bot.Event{bot.CaseTaken{Case: c.ID}}}
}

// Open makes the case that a resident agreed to, or that danger opened. The
// windows the trouble also needs are asked to join at once.
func (r Rules) Open(n bot.NewCase, resident string, at time.Time) (Case, []Entry) {
	c := Case{
		ID: n.ID, Resident: resident, Window: n.Window, With: n.With, Danger: n.Danger, Unsure: n.Unsure,
		Lang: n.Lang, Town: n.Town, Other: n.Other, About: n.About, Role: n.Role, Agreed: n.Agreed, Quiet: n.Quiet, Before: n.Before,
		Summary: n.Summary, Gloss: n.Gloss, Shown: n.Shown, Limits: n.Limits, Status: New, OpenedAt: at,
	}
	if c.certain() {
		c.Alarmed = at
	}
	for _, w := range n.With {
		if !n.Agreed {
			break // in danger nobody was asked: no more people read it than must
		}
		if c.Limited(w) {
			continue // staff may still invite them, and the resident is asked then
		}
		c.Team = append(c.Team, Member{Window: w, At: at, Outside: r.outside(w)})
	}
	entries := make([]Entry, 0, len(n.Words))
	for _, h := range n.Words {
		entries = append(entries, Said(c.ID, h))
	}
	return c, entries
}

// Said is an entry with the resident's words.
func Said(caseID string, h bot.Heard) Entry {
	return Entry{ID: "e-" + h.MessageID, Case: caseID, At: h.At, Kind: FromResident, Text: h.Text, MessageID: h.MessageID, Media: h.Media}
}

// Heard wakes a case whose resident wrote: it does not sleep, and they may be
// written to again.
func Heard(c Case) Case {
	c.Snoozed, c.Hidden = time.Time{}, time.Time{}
	return c
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
