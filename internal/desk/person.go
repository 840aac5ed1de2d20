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

func (AskPerson) action() string { return "ask-person" }
func (Talked) action() string    { return "talked" }
func (TalkLater) action() string { return "talk-later" }

// PersonAsked is somebody who was asked whether they take a case.
type PersonAsked struct {
	Who   Staff  `json:"who"`
	By    Staff  `json:"by"`
	Entry string `json:"entry"` // where it stands in the thread
}

// The refusals of asking a person.
const (
	RefusedAsked Refusal = "asked" // they are asked already
	RefusedSelf  Refusal = "self"  // they are the one who asks
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
	case c.asks(a.Who.ID) || len(c.Asking) >= maxAsked:
		return Decision{Case: c, Refused: RefusedAsked}
	}
	word := strings.Join(strings.Fields(a.Word), " ")
	e := cmd.note(c, NotePerson, strings.TrimSpace(a.Who.ID+"\n"+strings.Join(strings.Fields(a.Who.Name), " ")+"\n"+word))
	c.Asking = append(slices.Clone(c.Asking), PersonAsked{Who: a.Who, By: cmd.By, Entry: e.ID})
	return Decision{Case: c, Entries: []Entry{e}}
}

// asks reports whether a person is asked to take the case.
func (c Case) asks(id string) bool {
	return slices.ContainsFunc(c.Asking, func(p PersonAsked) bool { return p.Who.ID == id })
}

// AskedBy reports whether the entry still asks somebody.
func (c Case) AskedBy(entry string) bool {
	return slices.ContainsFunc(c.Asking, func(p PersonAsked) bool { return p.Entry == entry })
}

// passes reports whether the holder asked this person to take the case from
// them.
func (c Case) passes(to string) bool {
	return slices.ContainsFunc(c.Asking, func(p PersonAsked) bool { return p.Who.ID == to && p.By.ID == c.Holder.ID })
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
