// Package reception is the resident's side of the house: it takes the waiting
// mail of one resident, lets the dialogue (bot) and the desk's rules (desk)
// decide, and returns one Turn with everything that must become true. It
// knows neither SQL nor LINE nor Slack.
package reception

import (
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/insight"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// Turn is all that becomes true because of one or more pieces of a resident's
// mail. The store commits it whole, under the lease, or not at all.
type Turn struct {
	Lease    mailbox.Lease
	Done     []int64 // Seq of the mail this turn acted on
	Resident string
	Contact  string // LINE's user id, as it came with the mail; empty on mail from Slack or time
	Number   int64  // the state's turn number after this turn: one more than before
	State    []byte // JSON of bot.State: the recovery copy
	Live     []byte // the state for Redis; State is the same, or leaves out what must not be kept for long
	Gone     bool   // the resident blocked the account
	Cases    []desk.Case
	Entries  []desk.Entry
	Changes  []desk.Change // of entries that are there already
	Letters  []mailbox.Letter
	Mail     []mailbox.Mail // due-time mail; a piece with the same Key that is not done yet is replaced
	Forget   []string       // LINE message ids whose words and media must go
	Counts   []bot.Count
	Tallies  []insight.Tally // what the turn adds to the month's figures
	At       time.Time       // by the clock residents see: which day the turn belongs to
	Nobody   bool            // all of it was about somebody who was erased: no resident comes to be

	Lessons     []lesson.Lesson // proposed with the resident's consent
	DropLessons []string        // ids of proposed ones that must go
}

// Resident is what the store knows of one resident, nothing secret.
type Resident struct {
	ID     string
	Number int64  // turn number of the last committed turn; 0 for a stranger
	State  []byte // recovery copy of that turn; nil for a stranger
	Gone   bool
}
