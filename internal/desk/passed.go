package desk

import "github.com/tsunagu-chat/tsunagu/bot"

// passedAround is how many hand-overs are enough to say that somebody is being
// passed around.
const passedAround = 2

// PassedAround reports a case that was handed over more than once.
func (c Case) PassedAround() bool { return len(c.Moves) >= passedAround }

// NotePassed tells the lead that a case was handed over a second time. Its text
// is a line each: from which window, to which, and why. It comes once in a
// case: who knows need not be told again, the card says so anyway.
const NotePassed bot.NoteKind = "passed"

// passes adds that note to a decision that handed the case over again.
func (d Decision) passes(was Case, cmd Command) Decision {
	if was.PassedAround() || !d.Case.PassedAround() {
		return d
	}
	m := d.Case.Moves[len(d.Case.Moves)-1]
	text := m.From + "\n" + m.To
	if m.Why != "" {
		text += "\n" + m.Why
	}
	n := cmd.note(d.Case, NotePassed, text)
	n.By = m.By
	d.Entries = append(d.Entries, n)
	return d
}
