package desk

import (
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Decision is what becomes true because of a command. When Refused is not
// empty nothing changes, and only the staff member is told why.
type Decision struct {
	Case    Case
	Entries []Entry     // to add to the case's history
	Events  []bot.Event // what the resident's dialogue must know, in order
	Refused Refusal
}

// Refusal says in one word why a command was refused; the desk's edge has the
// sentence.
type Refusal string

// The refusals.
const (
	RefusedTaken  Refusal = "taken"  // somebody else has the case (Case.Holder says who)
	RefusedYours  Refusal = "yours"  // the staff member has it already
	RefusedClosed Refusal = "closed" // the case has ended
	RefusedEmpty  Refusal = "empty"  // there is nothing to send
	RefusedLong   Refusal = "long"   // longer than LINE takes
	RefusedSame   Refusal = "same"   // the case is with that window already
	RefusedGone   Refusal = "gone"   // the resident blocked the account: nothing can arrive
)

// MaxReply is how many UTF-16 units LINE takes in one text message:
// https://developers.line.biz/en/reference/messaging-api/#text-message
const MaxReply = 5000

// Decide applies one staff member's command to a case. Two people who claim at
// once arrive one after the other: the second is refused and told who has it.
func Decide(c Case, cmd Command) Decision {
	if c.Status == Closed {
		return Decision{Case: c, Refused: RefusedClosed}
	}
	switch a := cmd.Action.(type) {
	case Take:
		return take(c, cmd)
	case Release:
		return release(c, cmd)
	case Reply:
		return reply(c, cmd, a)
	case MoveTo:
		return move(c, cmd, a)
	case Close:
		return closeCase(c, cmd, a)
	}
	return Decision{Case: c}
}

func take(c Case, cmd Command) Decision {
	switch {
	case c.Holder.ID == cmd.By.ID:
		return Decision{Case: c, Refused: RefusedYours}
	case c.Holder.ID != "":
		return Decision{Case: c, Refused: RefusedTaken}
	}
	again := !c.TakenAt.IsZero()
	c.Status, c.Holder, c.TakenAt = Taken, cmd.By, cmd.At
	return Decision{Case: c, Events: []bot.Event{bot.CaseTaken{Case: c.ID, By: cmd.By.Name, Again: again}}}
}

func release(c Case, cmd Command) Decision {
	if c.Holder.ID != cmd.By.ID {
		return Decision{Case: c, Refused: RefusedTaken}
	}
	c.Status, c.Holder = New, Staff{}
	return Decision{Case: c, Events: []bot.Event{bot.CaseTaken{Case: c.ID}}}
}

// reply reaches the resident. Whoever answers a case nobody has, has it from
// then on; a colleague may help out in somebody else's case.
func reply(c Case, cmd Command, a Reply) Decision {
	text := strings.TrimSpace(a.Text)
	switch {
	case text == "":
		return Decision{Case: c, Refused: RefusedEmpty}
	case utf16Len(text) > MaxReply:
		return Decision{Case: c, Refused: RefusedLong}
	case c.Left:
		return Decision{Case: c, Refused: RefusedGone}
	}
	if c.Holder.ID == "" {
		c.Status, c.Holder, c.TakenAt = Taken, cmd.By, cmd.At
	}
	c.Answered = cmd.At
	return Decision{
		Case:    c,
		Entries: []Entry{{ID: "s-" + cmd.ID, Case: c.ID, At: cmd.At, Kind: FromStaff, By: cmd.By, Text: text}},
		Events:  []bot.Event{bot.StaffReplied{Case: c.ID, From: cmd.By.Name, Text: text}},
	}
}

func move(c Case, cmd Command, a MoveTo) Decision {
	if a.Window == c.Window {
		return Decision{Case: c, Refused: RefusedSame}
	}
	c.Moves = append(c.Moves[:len(c.Moves):len(c.Moves)], Move{From: c.Window, To: a.Window, By: cmd.By, Why: a.Why, At: cmd.At})
	c.Window, c.Status, c.Holder = a.Window, New, Staff{}
	return Decision{Case: c, Events: []bot.Event{bot.CaseMoved{Case: c.ID, Window: a.Window}}}
}

func closeCase(c Case, cmd Command, a Close) Decision {
	c.Status, c.ClosedAt, c.Outcome = Closed, cmd.At, a.Outcome
	return Decision{Case: c, Events: []bot.Event{bot.CaseClosed{Case: c.ID}}}
}

// Open makes the case that a resident agreed to, or that danger opened.
func Open(n bot.NewCase, resident string, at time.Time) (Case, []Entry) {
	c := Case{
		ID: n.ID, Resident: resident, Window: n.Window, With: n.With, Danger: n.Danger, Unsure: n.Unsure,
		Lang: n.Lang, Town: n.Town, Other: n.Other, Role: n.Role, Agreed: n.Agreed,
		Summary: n.Summary, Gloss: n.Gloss, Shown: n.Shown, Status: New, OpenedAt: at,
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

// Reopen gives a closed case back to its window; whoever had it has it again.
func Reopen(c Case) Case {
	if c.Status != Closed {
		return c
	}
	c.Status, c.ClosedAt, c.Outcome = New, time.Time{}, ""
	if c.Holder.ID != "" {
		c.Status = Taken
	}
	c.Reopened++
	return c
}

// Raise marks a case as dangerous. Certainty is never taken back to doubt.
func Raise(c Case, kind string, unsure bool) Case {
	if c.Danger == "" || c.Unsure {
		c.Danger, c.Unsure = kind, unsure
	}
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
