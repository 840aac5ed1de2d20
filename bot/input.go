package bot

import "time"

// Input is one thing that happened to one resident.
type Input struct {
	ID    string    // unique and stable across redelivery; new ids (of cases) derive from it
	At    time.Time // when it is decided, by the shell's clock
	Sent  time.Time // when the resident did it, by LINE's clock; zero means At
	Event Event
	Away  bool     // what goes to staff cannot be shown to them now: their desk cannot be reached
	Order []string // ids of windows, likeliest first, by whom the shell asked about Bot.Doubt; may be empty
}

// Event is what happened. The set is closed.
type Event interface{ event() }

// What residents do.
type (
	// Followed is a new friend, or one who unblocked the account (Again).
	Followed struct{ Again bool }
	// Unfollowed means that the resident blocked the account.
	Unfollowed struct{}
	// Wrote is a text message. More means that another text followed at once:
	// the bot listens, and answers after that one.
	Wrote struct {
		MessageID, Text string
		More            bool
	}
	// Tapped is a button's data, in the form verb or verb:argument.
	Tapped struct{ Data string }
	// SentSticker is a sticker; Keywords are LINE's English words for it.
	SentSticker struct {
		MessageID string
		Keywords  []string
		Text      string
	}
	// SentMedia is an image, video, audio message or file. External is true
	// when LINE does not hold the content.
	SentMedia struct {
		MessageID string
		Kind      MediaKind
		Name      string
		Size      int64 // bytes; 0 when unknown
		External  bool
	}
	// SentPlace is a location message.
	SentPlace struct {
		MessageID      string
		Title, Address string
		Lat, Lon       float64
	}
	// Unsent takes a message back.
	Unsent struct{ MessageID string }
	// InGroup is anything that happens where others read along.
	InGroup struct{ Joined bool }
	// Noticed is an event of LINE's that needs no answer; Type is LINE's name.
	Noticed struct{ Type string }
)

// What staff have done, after the desk's rules allowed it.
type (
	// StaffReplied is a message from staff to the resident. Show is a card of
	// the pack that goes with it: "window:ID" or "role:ID".
	StaffReplied struct {
		Case, From, Text string
		Files            []SentFile
		Show             string
	}
	// CaseTaken tells who answers from now on. Again is true when the case
	// passed from one person to another.
	CaseTaken struct {
		Case, By string
		Again    bool
	}
	// CaseMoved tells that another window has the case now.
	CaseMoved struct{ Case, Window string }
	// CaseClosed ends a case. Outcome and Where are the desk's.
	CaseClosed struct{ Case, Outcome, Where string }
	// HandoverAsked asks the resident whether another window may go on. Why
	// and When are staff's own words.
	HandoverAsked struct {
		Case, Offer, Window, Why, When string
		Outside                        bool // another organisation: agreeing is consent
	}
	// HandoverAccepted tells who goes on.
	HandoverAccepted struct{ Case, Window, By, When string }
	// HandoverEnded means that everything stays as it is: no question any more.
	HandoverEnded struct{ Case string }
	// TeamJoined tells that a further window thinks along.
	TeamJoined struct{ Case, Window string }
	// TeamLeft tells that one does so no more.
	TeamLeft struct{ Case, Window string }
	// ConsentAsked asks whether another organisation may be told: a window of
	// the pack, or With by its name.
	ConsentAsked struct{ Case, Consent, Window, With, What string }
	// PlanShown shows the resident what staff wrote down, and asks whether it
	// is theirs.
	PlanShown struct {
		Case string
		Plan Plan
	}
	// StepTicked is a step that staff have done.
	StepTicked struct{ Case, Step string }
	// Promised is what staff do next; an empty Text means it was done.
	Promised struct {
		Case, Text string
		Due        time.Time
	}
)

// What became of a case on its way to staff's screen.
type (
	// CaseWaits tells that staff's screen does not show a case some minutes
	// after it was handed over. It comes again while that is so.
	CaseWaits struct{ Case, Danger string }
	// CaseArrived tells that it does.
	CaseArrived struct{ Case string }
)

// SentFile is a picture or document from staff. URL is where it can be seen
// for a while; Preview, set when LINE can show it in the chat, is where its
// small copy is.
type SentFile struct {
	ID, Name, URL string
	Preview       string
	Picture       bool
}

// Reminded is a due time that has come (see Later).
type Reminded struct {
	Key  string
	Case string
}

// MediaKind is the kind of content LINE holds for a message.
type MediaKind string

// The kinds of media LINE has.
const (
	Image MediaKind = "image"
	Video MediaKind = "video"
	Audio MediaKind = "audio"
	File  MediaKind = "file"
)

func (Followed) event()         {}
func (Unfollowed) event()       {}
func (Wrote) event()            {}
func (Tapped) event()           {}
func (SentSticker) event()      {}
func (SentMedia) event()        {}
func (SentPlace) event()        {}
func (Unsent) event()           {}
func (InGroup) event()          {}
func (Noticed) event()          {}
func (StaffReplied) event()     {}
func (CaseTaken) event()        {}
func (CaseMoved) event()        {}
func (CaseClosed) event()       {}
func (HandoverAsked) event()    {}
func (HandoverAccepted) event() {}
func (HandoverEnded) event()    {}
func (TeamJoined) event()       {}
func (TeamLeft) event()         {}
func (ConsentAsked) event()     {}
func (PlanShown) event()        {}
func (StepTicked) event()       {}
func (Promised) event()         {}
func (CaseWaits) event()        {}
func (CaseArrived) event()      {}
func (Reminded) event()         {}
