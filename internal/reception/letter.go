package reception

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// The kinds of letters, by carrier.
const (
	LetterSay   = "line.say"    // messages to a resident; Body is Say
	LetterFetch = "line.fetch"  // content of a media message, before LINE deletes it; Body is Fetch
	LetterLeave = "line.leave"  // leave a group or room; Body is Leave
	LetterMenu  = "line.menu"   // put a menu on a resident's phone; Body is Menu
	LetterCard  = "slack.card"  // bring a case's card up to date; Subject is CaseAt
	LetterEntry = "slack.entry" // bring one entry of a case's thread up to date; Subject is CaseAt of the entry's id, Body is EntryRef
	LetterTell  = "slack.tell"  // a line only one staff member sees; Body is Tell
	LetterPoint = "slack.point" // tell another window's channel of a case it is asked into; Subject is PointAt or OfferAt, Body is Pointer
	LetterGet   = "slack.get"   // get a file that staff want to send; Body is Get
	LetterAlert = "mail.alert"  // the second route for danger: an e-mail; Body is Alert
	LetterTalk  = "slack.talk"  // a private word to one staff member after a case in danger; Subject is TalkAt, Body is Talk
	LetterFile  = "slack.file"  // show a resident's photo or file in the thread; Body is FileRef

	LetterErase  = "slack.erase"  // take out of Slack what was posted about a resident who was erased; Body is Erase
	LetterForget = "redis.forget" // drop a resident's live state; Body is Forget
)

// Erase is the body of LetterErase: one thing that a letter of this kind and
// subject made. For a card it is the whole thread below it, too.
type Erase struct {
	Kind    string    `json:"kind"`
	Subject string    `json:"subject"`
	Ref     string    `json:"ref,omitempty"`  // empty: it may stand in Slack unseen
	Since   time.Time `json:"since,omitzero"` // when its letter was written, of one that may stand unseen
}

// Forget is the body of LetterForget.
type Forget struct {
	Resident string `json:"resident"`
}

// Say is the body of LetterSay.
type Say struct {
	To         string          `json:"to"`                   // LINE user, group or room id
	ReplyToken string          `json:"replyToken,omitempty"` // of the event this answers
	ReplyUntil time.Time       `json:"replyUntil,omitzero"`  // the token must not be trusted after this
	From       string          `json:"from,omitempty"`       // staff member who speaks
	Messages   json.RawMessage `json:"messages"`             // bot.EncodeMessages
	Case       string          `json:"case,omitempty"`       // for staff replies: where delivery is shown
	Entry      string          `json:"entry,omitempty"`      //
	Lane       string          `json:"lane,omitempty"`       // Slack lane for what follows from delivery
}

// Fetch is the body of LetterFetch.
type Fetch struct {
	MessageID string        `json:"messageId"`
	Kind      bot.MediaKind `json:"kind"`
	Name      string        `json:"name,omitempty"`
	Resident  string        `json:"resident"`
	Case      string        `json:"case,omitempty"`
	Lane      string        `json:"lane,omitempty"` // Slack lane the file goes to, empty while nobody was asked
}

// Leave is the body of LetterLeave.
type Leave struct {
	Group string `json:"group,omitempty"`
	Room  string `json:"room,omitempty"`
}

// Menu is the body of LetterMenu.
type Menu struct {
	Resident string `json:"resident"`
	Name     string `json:"name"` // as bot.MenuName writes it
}

// EntryRef is the body of LetterCard and LetterEntry.
type EntryRef struct {
	Case  string `json:"case"`
	Entry string `json:"entry"`
	Fate  string `json:"fate,omitempty"` // of a staff reply: why it can never arrive
	Sure  bool   `json:"sure,omitempty"` // of a card: drawn anew even where it seems to be right
}

// FileRef is the body of LetterFile.
type FileRef struct {
	Case      string `json:"case"`
	MessageID string `json:"messageId"`
}

// Pointer is the body of LetterPoint.
type Pointer struct {
	Case   string `json:"case"`
	Window string `json:"window"`
	Offer  string `json:"offer,omitempty"` // of a hand-over: Subject is OfferAt
}

// Get is the body of LetterGet.
type Get struct {
	Resident string    `json:"resident"`
	Case     string    `json:"case"`
	File     desk.File `json:"file"`
}

// PreviewID is under which the small copy of a picture is kept that staff send.
// A picture that has none cannot be shown in the chat.
func PreviewID(file string) string { return file + "-preview" }

// Talk is the body of LetterTalk.
type Talk struct {
	Case string `json:"case"`
	Who  string `json:"who"` // staff member
	N    int    `json:"n"`   // the how manieth reminder
}

// TalkAt names one reminder to one staff member; what follows the @ is whom
// Slack shows it to.
func TalkAt(caseID, who string, n int) string { return fmt.Sprintf("%s/%s.%d@%s", caseID, who, n, who) }

// PointAt names the pointer to a case in one window's channel.
func PointAt(caseID, window, channel string) string { return caseID + "/" + window + "@" + channel }

// OfferAt names the post by which a window learns of one hand-over to it. It is
// not the pointer: an edited post rings nobody, and the window may have been in
// the case before.
func OfferAt(caseID, window, offer, channel string) string {
	return caseID + "/" + window + "/" + offer + "@" + channel
}

// Tell is the body of LetterTell.
type Tell struct {
	Channel string       `json:"channel"`
	User    string       `json:"user"`
	Case    string       `json:"case"`
	Refused desk.Refusal `json:"refused,omitempty"`
	Holder  string       `json:"holder,omitempty"` // who has the case
	Cannot  string       `json:"cannot,omitempty"` // who was asked to take it, and cannot now
}

// LineLane is the lane of everything sent to one resident.
func LineLane(resident string) string { return "line:" + resident }

// SlackLane is the lane of everything sent to one Slack channel.
func SlackLane(channel string) string { return "slack:" + channel }

// CaseAt names what a card or entry is in one channel, for the post's record:
// a case that moved has a card in each channel it was in.
func CaseAt(id, channel string) string { return id + "@" + channel }

// EntryID is the id of the entry that holds one LINE message, so that an
// unsend finds it without a search.
func EntryID(messageID string) string { return "e-" + messageID }

func body(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil { // our own types of strings and times cannot fail to encode
		panic(fmt.Sprintf("reception: encode letter: %v", err))
	}
	return b
}
