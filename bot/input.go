package bot

import "time"

// Input is one thing that happened to one resident.
type Input struct {
	ID    string    // unique and stable across redelivery; new ids (of cases) derive from it
	At    time.Time // when it is decided, by the shell's clock
	Sent  time.Time // when the resident did it, by LINE's clock; zero means At
	Event Event
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
	// StaffReplied is a message from staff to the resident.
	StaffReplied struct{ Case, From, Text string }
	// CaseTaken tells who answers from now on. Again is true when the case
	// passed from one person to another.
	CaseTaken struct {
		Case, By string
		Again    bool
	}
	// CaseMoved tells that another window has the case now.
	CaseMoved struct{ Case, Window string }
	// CaseClosed ends a case.
	CaseClosed struct{ Case string }
)

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

func (Followed) event()     {}
func (Unfollowed) event()   {}
func (Wrote) event()        {}
func (Tapped) event()       {}
func (SentSticker) event()  {}
func (SentMedia) event()    {}
func (SentPlace) event()    {}
func (Unsent) event()       {}
func (InGroup) event()      {}
func (Noticed) event()      {}
func (StaffReplied) event() {}
func (CaseTaken) event()    {}
func (CaseMoved) event()    {}
func (CaseClosed) event()   {}
func (Reminded) event()     {}
