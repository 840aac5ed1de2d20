// Package desk owns cases: one trouble of one resident, one thread in Slack.
// It decides who may do what and what must become true because of it. It
// knows neither Slack nor SQL: a Command goes in, a Decision comes out.
package desk

import (
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Status is where a case stands.
type Status string

// The states of a case.
const (
	New    Status = "new"    // nobody has taken it
	Taken  Status = "taken"  // Holder answers
	Closed Status = "closed" // ended; reopens when the resident writes within 14 days
)

// Case is one trouble of one resident.
type Case struct {
	ID       string
	Resident string // pseudonym, also the lane of everything about them
	Window   string // who leads
	With     []string
	Danger   string
	Unsure   bool
	Lang     bot.Lang
	Town     string
	Other    bool
	Role     string // opportunity applied for
	Agreed   bool
	Summary  string
	Gloss    string
	Shown    []string
	Status   Status
	Holder   Staff
	Left     bool // the resident blocked the account
	Moves    []Move
	OpenedAt time.Time
	TakenAt  time.Time
	ClosedAt time.Time
	Outcome  string
	Answered time.Time // last staff reply
	Reopened int
}

// Number is what staff and residents call the case. It says nothing about the
// resident.
func (c Case) Number() string { return bot.CaseNumber(c.ID) }

// Staff is a person of the office, by their Slack user id and the name
// residents see.
type Staff struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Move is one hand-over between windows.
type Move struct {
	From string    `json:"from"`
	To   string    `json:"to"`
	By   Staff     `json:"by"`
	Why  string    `json:"why,omitempty"`
	At   time.Time `json:"at"`
}

// Entry is one line of a case's history.
type Entry struct {
	ID        string
	Case      string
	At        time.Time
	Kind      EntryKind
	By        Staff // of staff entries
	Text      string
	MessageID string        // LINE's id of the resident's message, for unsend
	Media     bot.MediaKind // of the resident's message, when not text
	Note      bot.NoteKind  // of notes
	Unsent    bool          // taken back: Text is empty
}

// EntryKind tells whose line an entry is.
type EntryKind string

// The kinds of entries.
const (
	FromResident EntryKind = "resident"
	FromStaff    EntryKind = "staff" // reached the resident, or is on its way
	FromBot      EntryKind = "note"  // something staff should know
)

// Command is what a staff member wants.
type Command struct {
	ID     string    `json:"id"` // unique: a repeated click has the same
	Case   string    `json:"case"`
	By     Staff     `json:"by"`
	At     time.Time `json:"at"`
	Action Action    `json:"-"` // see Encode and DecodeCommand
}

// Action is what staff can do with a case. The set is closed.
type Action interface{ action() }

// The actions.
type (
	// Take makes the staff member the holder.
	Take struct{}
	// Release gives the case back to the team.
	Release struct{}
	// Reply sends a text to the resident, and takes the case when nobody has.
	Reply struct {
		Text string `json:"text"`
	}
	// MoveTo gives the case to another window. The resident is told and never
	// asked to tell it again.
	MoveTo struct {
		Window string `json:"window"`
		Why    string `json:"why,omitempty"`
	}
	// Close ends the case.
	Close struct {
		Outcome string `json:"outcome,omitempty"`
	}
)

func (Take) action()    {}
func (Release) action() {}
func (Reply) action()   {}
func (MoveTo) action()  {}
func (Close) action()   {}
