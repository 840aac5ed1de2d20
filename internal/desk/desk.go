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
	Left     bool      // the resident blocked the account
	About    string    // who the trouble is about in the resident's word (母), when it is somebody else's
	ByHand   string    // how they came, when staff noted it down: there is no LINE
	Quiet    bool      // the resident may be watched: nothing that a notification shows may name the topic
	Hidden   time.Time // when the resident hid the talk last; staff wait until they write again
	Held     []Held    // replies that can still be taken back
	Team     []Member  // further windows in this case
	Offer    *Offer    // a hand-over under way
	Plan     *bot.Plan // what the resident agreed to
	Asked    *bot.Plan // what they were asked to agree to
	Consents []Consent
	Next     *Next     // what is promised next
	Snoozed  time.Time // asleep until then
	Tags     []string
	Rating   *Rating
	Before   bot.Earlier
	Moves    []Move
	OpenedAt time.Time
	TakenAt  time.Time // by whoever has it now, or had it last
	ClosedAt time.Time
	Cleared  time.Time // when the words left the chat, after the end
	Outcome  string
	Where    string    // where it goes on, of some outcomes
	FirstAt  time.Time // when somebody took it first; zero also in old cases that were handed over
	Answered time.Time // last staff reply
	Waited   time.Time // when it had waited AnswerWithin for anybody; zero: it did not
	Reopened int
	Safe     time.Time     // when the resident said that the danger suspected is none
	Borne    []Bearer      // who has, or had, it in danger
	Asking   []PersonAsked // who was asked whether they take it
	Waits    time.Time     // since when the resident waits for a first answer; zero: they have it, or an older program began the case
	Overdue  time.Time     // when the time for that was over, once somebody was reminded
	Reminded int           // how many were
	Replied  time.Time     // when staff spoke to the resident first
	Wish     string        // what the resident wants, as staff wrote it down; see Wished
	Limits   []bot.Limit   // whom the resident does not want to be told
	Unheeded time.Time     // from when danger in it counts as unheeded that came while somebody had it, or after the last call; zero: staff did something since
	Alarmed  time.Time     // when the resident's latest words of certain danger came
	Seen     time.Time     // when staff last did something in it; zero also in cases of an older program
	Spent    time.Time     // when the last of all calls went out and nobody came; zero: somebody did, or calls are still due
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
	Fate      Fate          // of staff's: how far it has come
}

// Fate is how far a staff reply has come before it is the carrier's. What the
// carrier knows (arrived, blocked …) is shown in the thread, not kept here.
type Fate string

// The fates.
const (
	OnItsWay  Fate = ""          // decided: it leaves, or has left
	HeldBack  Fate = "held"      // can still be taken back
	Withdrawn Fate = "withdrawn" // was taken back: the resident never saw it
	Blocked   Fate = "blocked"   // the resident blocked the account before it left
	Lost      Fate = "lost"      // its file is not there any more: nothing was sent
)

// EntryKind tells whose line an entry is.
type EntryKind string

// The kinds of entries.
const (
	FromResident EntryKind = "resident"
	FromStaff    EntryKind = "staff" // reached the resident, or is on its way
	FromBot      EntryKind = "note"  // something staff should know
	Memo         EntryKind = "memo"  // written by staff for staff
)

// Command is what a staff member wants.
type Command struct {
	ID     string    `json:"id"` // unique: a repeated click has the same
	Case   string    `json:"case"`
	By     Staff     `json:"by"`
	At     time.Time `json:"at"`
	Action Action    `json:"-"` // see Encode and DecodeCommand
}
