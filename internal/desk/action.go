package desk

import "time"

// Action is what staff can do with a case. The set is closed.
type Action interface {
	// action is the action's name in the inbox. It is kept: commands that were
	// written by an older program must still be read.
	action() string
}

// What staff do with the case itself.
type (
	// Take makes the staff member the holder.
	Take struct{}
	// Release gives the case back to the team. Absent is who was found to be
	// there no more: for them a colleague may.
	Release struct {
		Absent string `json:"absent,omitempty"`
	}
	// MoveTo gives the case to another window at once: while nobody has taken
	// it, or in danger. Otherwise it becomes an Offer: the resident is asked.
	MoveTo struct {
		Window string `json:"window"`
		Why    string `json:"why,omitempty"`
		When   string `json:"when,omitempty"` // when the next window will write, in words
	}
	// Accept takes a hand-over that was offered to one's window.
	Accept struct{}
	// Refuse gives it back to the one who asked. The resident is not troubled.
	Refuse struct {
		Why string `json:"why,omitempty"`
	}
	// CancelOffer takes an offer back.
	CancelOffer struct{}
	// Invite asks another window into the case.
	Invite struct {
		Window string `json:"window"`
		Does   string `json:"does,omitempty"` // what they are asked to do
	}
	// Join says yes to that.
	Join struct {
		Window string `json:"window"`
	}
	// Leave ends a window's part in the case.
	Leave struct {
		Window string `json:"window"`
	}
	// Close ends the case.
	Close struct {
		Outcome string `json:"outcome,omitempty"`
		Where   string `json:"where,omitempty"`
	}
)

// What reaches the resident.
type (
	// Reply sends a text to the resident, and takes the case when nobody has.
	// It waits a moment (Undo) in which it can be taken back.
	Reply struct {
		Text  string `json:"text"`
		Files []File `json:"files,omitempty"`
		Show  string `json:"show,omitempty"` // "window:ID", "role:ID" or a bot.Handout's: a card of the pack
	}
	// TakeBack stops a reply that has not left. Early says that it stands where
	// the reply would: that one can never come.
	TakeBack struct {
		Entry string `json:"entry"`
		Early bool   `json:"early,omitempty"`
	}
	// Propose shows the resident a plan and asks whether it is theirs.
	Propose struct {
		Goal  string     `json:"goal"`
		Steps []StepText `json:"steps"`
	}
	// StepDone ticks a step off on staff's side.
	StepDone struct {
		Step string `json:"step"`
	}
	// AskConsent asks the resident whether another organisation may be told.
	AskConsent struct {
		With string `json:"with"`           // its name, as the resident reads it
		What string `json:"what,omitempty"` // what would be told, in plain words
	}
)

// What stays among staff.
type (
	// Write keeps a memo; Call says that it is about a telephone call.
	Write struct {
		Text string   `json:"text,omitempty"`
		Wish *string  `json:"wish,omitempty"` // replaces what the resident wants; nil: as it was
		Tags []string `json:"tags,omitempty"`
		Tag  bool     `json:"tag,omitempty"` // Tags replace the case's tags
		Call bool     `json:"call,omitempty"`

		Spoke bool `json:"spoke,omitempty"` // of a call: with the resident, not a machine or nobody
	}
	// Promise says what is done next and by when.
	Promise struct {
		Text string    `json:"text"`
		Due  time.Time `json:"due"`
		Tell bool      `json:"tell,omitempty"` // the resident is told
	}
	// Kept says that the promise was kept.
	Kept struct{}
	// Snooze lets the case rest.
	Snooze struct {
		Until time.Time `json:"until"`
	}
)

// StepText is one small step of a proposed plan.
type StepText struct {
	Text string `json:"text"`
	Who  string `json:"who"`          // bot.StepResident, bot.StepStaff or bot.StepBoth
	By   string `json:"by,omitempty"` // 2006-01-02
}

func (Take) action() string        { return "take" }
func (Release) action() string     { return "release" }
func (Reply) action() string       { return "reply" }
func (MoveTo) action() string      { return "move" }
func (Close) action() string       { return "close" }
func (Accept) action() string      { return "accept" }
func (Refuse) action() string      { return "refuse" }
func (CancelOffer) action() string { return "cancel-offer" }
func (Invite) action() string      { return "invite" }
func (Join) action() string        { return "join" }
func (Leave) action() string       { return "leave" }
func (TakeBack) action() string    { return "take-back" }
func (Propose) action() string     { return "propose" }
func (StepDone) action() string    { return "step-done" }
func (AskConsent) action() string  { return "ask-consent" }
func (Write) action() string       { return "write" }
func (Promise) action() string     { return "promise" }
func (Kept) action() string        { return "kept" }
func (Snooze) action() string      { return "snooze" }
