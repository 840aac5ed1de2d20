package bot

import (
	"hash/fnv"
	"time"
)

// Effect is something that must become true because of one input. The set is
// closed; all effects of one input become true together or not at all.
type Effect interface{ effect() }

// Say sends messages to the resident, in order, at most five (LINE's limit a
// call). From is the staff member who speaks, empty for the bot.
type Say struct {
	From     string
	Messages []Message
}

// OpenCase hands the resident to people.
type OpenCase struct {
	Case NewCase
}

// NewCase is all that staff get to read of a new case, so that nobody has to
// tell it twice.
type NewCase struct {
	ID      string
	Window  string   // who leads
	With    []string // further windows the trouble needs, lead excluded
	Danger  string   // kind of danger, empty when none
	Unsure  bool     // Danger is suspected only; the bot goes on talking
	Lang    Lang     // how to write to this resident
	Town    string   // 町, empty when not said
	Other   bool     // the trouble is somebody else's
	Summary string   // what the resident agreed staff may read, in their words
	Gloss   string   // plain Japanese about the message, for staff
	Words   []Heard  // the resident's own words
	Shown   []string // windows and opportunities the bot already showed
	Role    string   // id of the opportunity applied for, empty otherwise
	Agreed  bool     // the resident agreed to the summary; false for danger
	About   string   // who it is about, in the resident's word (母), when Other
	Quiet   bool     // the resident may be watched
	Before  Earlier  // the case before this one, when there was one lately
	Limits  []Limit  // whom the resident does not want to be told
}

// Earlier is a case of the same resident that is over: its subject, its number
// and who had it last, never its words.
type Earlier struct {
	Window string    `json:"window,omitempty"`
	Closed time.Time `json:"closed,omitzero"`
	Number string    `json:"number,omitempty"` // see CaseNumber
	Holder string    `json:"holder,omitempty"` // name residents see
}

// AddToCase gives staff more of the resident's words.
type AddToCase struct {
	Case  string
	Heard Heard
}

// RaiseCase marks an open case as dangerous.
type RaiseCase struct {
	Case, Danger string
	Unsure       bool
}

// Answer is what the resident said to something staff asked or closed.
type Answer struct {
	Case    string
	To      AnswerTo
	ID      string // of what was asked: an offer, a consent, a plan's version, a step
	Says    string // SaysYes …; of ToClose "1" to "3"
	Words   string // the resident's own, when they wrote some …
	Message string // … and LINE's id of the message they stood in
	Text    string // the very text they answered, when that must be kept
	Version string // of the pack it is from
	Input   string // id of the input, set by who applies it
}

// AnswerTo names what was asked.
type AnswerTo string

// What residents answer to, and what they can say.
const (
	ToHandover AnswerTo = "handover"
	ToConsent  AnswerTo = "consent"
	ToPlan     AnswerTo = "plan"
	ToStep     AnswerTo = "step"
	ToClose    AnswerTo = "close"
	ToAfter    AnswerTo = "after" // how things are, some time after the end

	SaysYes    = "yes"
	SaysNo     = "no"
	SaysChange = "change"
	SaysLater  = "later"
	SaysRevoke = "revoke"
	SaysAgain  = "again"
)

// Reopen gives a closed case back to the people who had it.
type Reopen struct{ Case string }

// Reads tells staff in which language the resident reads from now on.
type Reads struct {
	Case string
	Lang Lang
}

// Note tells staff something about a case that is not the resident's words:
// they left, came back, said thanks, changed their mind.
type Note struct {
	Case string
	Kind NoteKind
}

// NoteKind names what staff are told by a Note.
type NoteKind string

// The notes there are.
const (
	NoteLeft     NoteKind = "left"     // blocked the account
	NoteReturned NoteKind = "returned" // unblocked it
	NoteThanks   NoteKind = "thanks"   // said thank you
	NoteUnsent   NoteKind = "unsent"   // took a message back
	NoteSafe     NoteKind = "safe"     // said that they are not in danger
	NoteHid      NoteKind = "hid"      // hid the talk: somebody may be looking
	NoteAnother  NoteKind = "another"  // would rather have another person
)

// Fetch asks for the content of a media message before LINE deletes it. Case
// is where it will be shown, empty while nobody has been asked.
type Fetch struct {
	MessageID string
	Kind      MediaKind
	Name      string
	Case      string
}

// Forget removes a message's words and media wherever they were kept or shown.
type Forget struct{ MessageID string }

// Later makes a due time: at At the resident's next input is Reminded{Key}.
// A second Later with the same key replaces the first.
type Later struct {
	Key  string
	Case string
	At   time.Time
}

// Leave leaves the group or room the event came from.
type Leave struct{}

// Count adds one to a figure about what the town asks for. It never carries
// words.
type Count struct {
	What   string // "answered", "clarified", "no-window", "handed-over", "danger" …
	Window string
	Lang   Lang
	Town   string
	First  bool // the first of this What and Window by this resident in this month: figures of people, not of taps
}

func (Say) effect()       {}
func (OpenCase) effect()  {}
func (AddToCase) effect() {}
func (RaiseCase) effect() {}
func (Reads) effect()     {}
func (Reopen) effect()    {}
func (Answer) effect()    {}
func (Note) effect()      {}
func (Fetch) effect()     {}
func (Forget) effect()    {}
func (Later) effect()     {}
func (Leave) effect()     {}
func (Count) effect()     {}

// CaseNumber is the short name by which a resident and staff speak of a case:
// T- and six letters and digits that are not easily confused.
func CaseNumber(id string) string {
	const letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // never fails
	n := h.Sum64()
	b := []byte("T-000000")
	for i := 2; i < len(b); i++ {
		b[i] = letters[n%uint64(len(letters))]
		n /= uint64(len(letters))
	}
	return string(b)
}
