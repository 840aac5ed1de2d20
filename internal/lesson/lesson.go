// Package lesson owns what people teach the running bot: a resident's words
// with the window that was right, proposed with consent, decided by staff, and
// then taken to heart by every process.
//
// It decides who may do what with a lesson (Decide) and keeps one process's
// model up to date (Tutor). It knows neither SQL nor Slack. What is taught here
// lives beside the pack's own examples until somebody puts it there and trains
// anew; then it is left out (see Tutor).
package lesson

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// State is where a lesson stands.
type State string

// The states of a lesson.
const (
	Proposed State = "proposed" // waits for staff
	Accepted State = "accepted" // every process has learned it, or is about to
	Declined State = "declined" // not to be learned, or learned no more; its words are gone
)

// Lesson is one message the bot should have answered otherwise.
type Lesson struct {
	ID       string
	Resident string // pseudonym of who allowed it, while it is proposed; afterwards nobody's
	Text     string // without names; empty when declined
	Shown    string // window the bot named, empty when it found none
	Right    string // window that is right
	Lang     bot.Lang
	Why      bot.Corrector
	State    State
	At       time.Time // when the resident allowed it
	Edits    int       // how often staff changed it: who decides must have seen the last
	By       Staff     // who decided
	Decided  time.Time
	Effect   Effect // as measured when it was decided
	Version  int64  // of all lessons, when this one was decided; 0 before
}

// Staff is who decided, by their Slack user id and name.
type Staff struct {
	ID   string
	Name string
}

// Effect is what one more lesson does to the answers of the exam.
type Effect struct {
	Asked  int      `json:"asked"`            // messages of the exam; 0: the pack has none
	Before int      `json:"before"`           // right first windows
	After  int      `json:"after"`            //
	Mended int      `json:"mended"`           // wrong before, right now
	Spoilt []string `json:"spoilt,omitempty"` // right before, wrong now: the windows they belong to
}

// Worse reports whether some message is answered wrongly because of it.
func (e Effect) Worse() bool { return len(e.Spoilt) > 0 }

// Command is what a staff member wants of a lesson.
type Command struct {
	Lesson string
	Edits  int // the edit they saw
	By     Staff
	At     time.Time
	Action Action
}

// Action is what staff can do with a lesson. The set is closed.
type Action interface{ action() }

// The actions.
type (
	// Accept makes the bot learn it.
	Accept struct{}
	// Decline drops it, or makes the bot forget it again.
	Decline struct{}
	// Edit changes the words or the window before it is decided.
	Edit struct{ Text, Right string }
)

func (Accept) action()  {}
func (Decline) action() {}
func (Edit) action()    {}

// Refusal says in one word why nothing was changed.
type Refusal string

// The refusals.
const (
	RefusedDecided Refusal = "decided" // somebody decided before (Lesson.By)
	RefusedEdited  Refusal = "edited"  // the words are others now: look again
	RefusedEmpty   Refusal = "empty"   // too short to say anything
	RefusedLong    Refusal = "long"    // longer than MaxText
	RefusedWindow  Refusal = "window"  // no window that may be taught
)

// How long an example may be, in characters.
const (
	MinText = 4
	MaxText = 300
)

// Decide applies one staff member's command. Two people who press at once come
// one after the other: the second is told who decided. A repeated click of the
// same person changes nothing and is no refusal: changed is false.
func Decide(l Lesson, cmd Command, pack *bot.Content) (_ Lesson, changed bool, _ Refusal) {
	switch a := cmd.Action.(type) {
	case Accept:
		switch {
		case l.State == Accepted && l.By.ID == cmd.By.ID:
			return l, false, ""
		case l.State != Proposed:
			return l, false, RefusedDecided
		case l.Edits != cmd.Edits:
			return l, false, RefusedEdited
		case !pack.Teachable(l.Right):
			return l, false, RefusedWindow
		}
		l.State, l.Resident = Accepted, ""
	case Decline:
		switch {
		case l.State == Declined && l.By.ID == cmd.By.ID:
			return l, false, ""
		case l.State == Declined:
			return l, false, RefusedDecided
		}
		l.State, l.Resident, l.Text = Declined, "", ""
	case Edit:
		text := strings.TrimSpace(a.Text)
		switch {
		case l.State == Proposed && l.Text == text && l.Right == a.Right:
			return l, false, ""
		case l.State != Proposed:
			return l, false, RefusedDecided
		case l.Edits != cmd.Edits:
			return l, false, RefusedEdited
		case utf8.RuneCountInString(text) < MinText:
			return l, false, RefusedEmpty
		case utf8.RuneCountInString(text) > MaxText:
			return l, false, RefusedLong
		case !pack.Teachable(a.Right):
			return l, false, RefusedWindow
		}
		l.Text, l.Right, l.Edits = text, a.Right, l.Edits+1
		return l, true, ""
	}
	l.By, l.Decided = cmd.By, cmd.At
	return l, true, ""
}

// Example is a lesson as training takes it. Danger is never taught this way.
func (l Lesson) Example() understand.Example {
	return understand.Example{Text: l.Text, Window: l.Right, Lang: exampleLang(l.Lang), Voice: Voice, At: "lesson " + l.ID}
}

// Voice is the voice of examples that were taught by staff.
const Voice = "staff"

func exampleLang(l bot.Lang) string {
	if l == bot.Ja {
		return ""
	}
	return string(l)
}

// ErrStale reports that a lesson was changed since it was read.
var ErrStale = errors.New("the lesson was changed meanwhile")
