package desk

import (
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// AskPerson asks one person whether they take a case. They have it only once
// they press themselves: nobody is given a case against their will.
type AskPerson struct {
	Who  Staff  `json:"who"`
	Word string `json:"word,omitempty"` // for them, among staff
}

// The answers to a Reminder.
type (
	// Talked says that the person has talked about a case in danger they had.
	Talked struct{}
	// TalkLater says that they want to be reminded tomorrow.
	TalkLater struct{}
)

// Cannot is the answer of somebody who is asked to take a case and cannot now. It
// needs no reason.
type Cannot struct{}

func (AskPerson) action() string { return "ask-person" }
func (Cannot) action() string    { return "cannot" }
func (Talked) action() string    { return "talked" }
func (TalkLater) action() string { return "talk-later" }

// PersonAsked is somebody who was asked whether they take a case.
type PersonAsked struct {
	Who   Staff  `json:"who"`
	By    Staff  `json:"by"`
	Entry string `json:"entry"` // where it stands in the thread

	Cannot bool `json:"cannot,omitempty"` // they cannot now: they are asked no more
}

// The refusals of asking a person.
const (
	RefusedAsked Refusal = "asked" // they are asked already
	RefusedSelf  Refusal = "self"  // they are the one who asks

	RefusedNotAsked Refusal = "not-asked" // nobody asks them (any more)
)

// NotePerson asks one person to take a case. Its text is their id, their name,
// and the word for them, a line each.
const NotePerson bot.NoteKind = "person"

// maxAsked bounds how many are asked at a time: whoever asks more, asks all.
const maxAsked = 10

// askPerson: while nobody has the case anybody may ask; else only who has it,
// and wants to give it to somebody of the team.
func askPerson(c Case, cmd Command, a AskPerson) Decision {
	switch {
	case a.Who.ID == "":
		return Decision{Case: c, Refused: RefusedEmpty}
	case a.Who.ID == cmd.By.ID:
		return Decision{Case: c, Refused: RefusedSelf}
	case c.Holder.ID != "" && c.Holder.ID != cmd.By.ID:
		return Decision{Case: c, Refused: RefusedTaken}
	case c.Offer != nil:
		return Decision{Case: c, Refused: RefusedOffer}
	case c.wanted(a.Who.ID) >= 0 || c.asking() >= maxAsked:
		return Decision{Case: c, Refused: RefusedAsked}
	}
	if len(c.Asking) >= 2*maxAsked { // the oldest answers are remembered no more
		i := slices.IndexFunc(c.Asking, func(p PersonAsked) bool { return p.Cannot })
		c.Asking = slices.Delete(slices.Clone(c.Asking), i, i+1)
	}
	word := strings.Join(strings.Fields(a.Word), " ")
	e := cmd.note(c, NotePerson, strings.TrimSpace(a.Who.ID+"\n"+strings.Join(strings.Fields(a.Who.Name), " ")+"\n"+word))
	c.Asking = append(slices.Clone(c.Asking), PersonAsked{Who: a.Who, By: cmd.By, Entry: e.ID})
	return Decision{Case: c, Entries: []Entry{e}}
}

// cannot gives the question back to who asked. It shows nobody who is there for
// the resident: danger calls on.
func cannot(c Case, cmd Command) Decision {
	i := c.wanted(cmd.By.ID)
	if i < 0 {
		return Decision{Case: c, Refused: RefusedNotAsked}
	}
	c.Asking = slices.Clone(c.Asking)
	c.Asking[i].Cannot = true
	return Decision{Case: c, Aside: true, Returned: []PersonAsked{c.Asking[i]}}
}

// wanted is the place of a person who is asked to take the case, -1 when they
// are not.
func (c Case) wanted(id string) int {
	return slices.IndexFunc(c.Asking, func(p PersonAsked) bool { return p.Who.ID == id && !p.Cannot })
}

// asking counts who has not answered.
func (c Case) asking() int {
	n := 0
	for _, p := range c.Asking {
		if !p.Cannot {
			n++
		}
	}
	return n
}

// AskedBy reports whether the entry still asks somebody.
func (c Case) AskedBy(entry string) bool {
	return slices.ContainsFunc(c.Asking, func(p PersonAsked) bool { return p.Entry == entry && !p.Cannot })
}

// CannotBy reports whether who is asked by the entry cannot now.
func (c Case) CannotBy(entry string) bool {
	return slices.ContainsFunc(c.Asking, func(p PersonAsked) bool { return p.Entry == entry && p.Cannot })
}

// passes reports whether the holder asked this person to take the case from
// them.
func (c Case) passes(to string) bool {
	i := c.wanted(to)
	return i >= 0 && c.Asking[i].By.ID == c.Holder.ID
}

// Settle ends what was asked of people once somebody else has the case, or it
// went elsewhere. It returns the lines of the thread that ask no more.
func Settle(was, c Case) (Case, []string) {
	taken := c.Holder.ID != "" && c.Holder.ID != was.Holder.ID
	if len(c.Asking) == 0 || !taken && c.Status != Closed && c.Window == was.Window {
		return c, nil
	}
	var lines []string
	for _, p := range c.Asking {
		lines = append(lines, p.Entry)
	}
	c.Asking = nil
	return c, lines
}
