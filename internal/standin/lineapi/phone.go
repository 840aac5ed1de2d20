package lineapi

import (
	"encoding/json"
	"slices"
	"time"
)

// ChatKind tells a chat with one person from chats of several.
type ChatKind string

// The kinds of chats.
const (
	ChatUser  ChatKind = "user"
	ChatGroup ChatKind = "group"
	ChatRoom  ChatKind = "room"
)

// Via is the way a bubble came into a chat.
type Via string

// The ways.
const (
	ViaReply     Via = "reply"
	ViaPush      Via = "push"
	ViaMulticast Via = "multicast"
	ViaPerson    Via = "person"  // typed, sent or tapped by a person
	ViaDisplay   Via = "display" // displayText of a postback: seen here, never sent to the bot
)

// Bubble is one message as the chat shows it.
type Bubble struct {
	ID        string          `json:"id"` // message id; empty for ViaDisplay
	FromBot   bool            `json:"fromBot"`
	UserID    string          `json:"userId,omitempty"` // the person who wrote it
	Via       Via             `json:"via"`
	Time      time.Time       `json:"time"`
	Type      string          `json:"type"` // text, sticker, image, flex, …
	Text      string          `json:"text"` // the text, or what a notification shows instead
	Words     string          `json:"words"`
	Message   json.RawMessage `json:"message,omitempty"` // all fields as sent
	Actions   []Action        `json:"actions,omitempty"` // what can be tapped in it, in order
	Quotes    string          `json:"quotes,omitempty"`  // id of the message it quotes
	Unsent    bool            `json:"unsent,omitempty"`
	Read      bool            `json:"read,omitempty"` // by the bot
	RequestID string          `json:"requestId,omitempty"`
	RetryKey  string          `json:"retryKey,omitempty"`
}

// Phone is what one person sees of the chat with the bot, or all see of a
// group: a copy, taken at one moment.
type Phone struct {
	ID           string    `json:"id"`
	Kind         ChatKind  `json:"kind"`
	Name         string    `json:"name"`
	Language     string    `json:"language,omitempty"`
	Friend       bool      `json:"friend"`
	Blocked      bool      `json:"blocked"`
	Bubbles      []Bubble  `json:"bubbles"`
	QuickReplies []Action  `json:"quickReplies,omitempty"` // now showing
	LoadingUntil time.Time `json:"loadingUntil,omitzero"`  // zero when no loading animation shows
	RichMenuID   string    `json:"richMenuId,omitempty"`   // now showing: the person's own, else the default
	Draft        string    `json:"draft,omitempty"`        // filled in by a postback action
	Clipboard    string    `json:"clipboard,omitempty"`
	Opened       []Opened  `json:"opened,omitempty"` // links and numbers tapped
	Replies      int       `json:"replies"`          // accepted for this chat
	Pushes       int       `json:"pushes"`           // multicasts among them
	BotBubbles   int       `json:"botBubbles"`       // ever, also those no longer kept
	OwnBubbles   int       `json:"ownBubbles"`
}

// Opened is a link or telephone number somebody tapped.
type Opened struct {
	Time  time.Time `json:"time"`
	URI   string    `json:"uri"`
	Label string    `json:"label,omitempty"`
}

// Bot lists the bot's bubbles of the phone.
func (ph Phone) Bot() []Bubble {
	return slices.DeleteFunc(slices.Clone(ph.Bubbles), func(b Bubble) bool { return !b.FromBot })
}

// LastBot is the newest bubble of the bot.
func (ph Phone) LastBot() (Bubble, bool) {
	for i := len(ph.Bubbles) - 1; i >= 0; i-- {
		if ph.Bubbles[i].FromBot {
			return ph.Bubbles[i], true
		}
	}
	return Bubble{}, false
}

// chat is the state behind a phone.
type chat struct {
	id      string
	kind    ChatKind
	profile User
	friend  bool
	blocked bool
	members []string // of a group or room, in order of joining
	botGone bool     // the bot left the group or room

	bubbles    []bubble
	botBubbles int
	ownBubbles int
	replies    int
	pushes     int

	quickHidden  bool // the newest bubble's quick replies were tapped away
	loadingUntil time.Time
	richMenu     string
	draft        string
	clipboard    string
	opened       []Opened

	changed chan struct{} // closed at the next change; nil while nobody waits
}

type bubble struct {
	id        uint64
	fromBot   bool
	userID    string
	via       Via
	at        time.Time
	kind      string
	text      string
	raw       string
	quotes    uint64
	unsent    bool
	read      bool
	requestID string
	retryKey  string
}

// add appends a bubble and forgets old ones. It needs the lock.
func (p *Platform) add(c *chat, b bubble) {
	c.quickHidden = false
	if b.fromBot {
		c.botBubbles++
		c.loadingUntil = time.Time{}
		p.counters.Bubbles++
	} else {
		c.ownBubbles++
	}
	switch keep := p.cfg.KeepBubbles; {
	case keep < 0:
	case keep > 0 && len(c.bubbles) >= keep:
		copy(c.bubbles, c.bubbles[len(c.bubbles)-keep+1:])
		c.bubbles = append(c.bubbles[:keep-1], b)
	default:
		c.bubbles = append(c.bubbles, b)
	}
	p.changed(c, ChangeBubble)
}

// Phone shows the chat with a person, or a group or room, by its id.
func (p *Platform) Phone(id string) (Phone, bool) {
	p.mu.Lock()
	c := p.chats[id]
	if c == nil {
		p.mu.Unlock()
		return Phone{}, false
	}
	copied := p.snapshot(c)
	p.mu.Unlock()
	return copied.phone(), true
}

// Phones shows all chats in order of appearance.
func (p *Platform) Phones() []Phone {
	p.mu.Lock()
	ids := slices.Clone(p.order)
	p.mu.Unlock()
	out := make([]Phone, 0, len(ids))
	for _, id := range ids {
		if ph, found := p.Phone(id); found {
			out = append(out, ph)
		}
	}
	return out
}

// chatCopy is a chat at one moment, taken under the lock; reading its messages
// is done without.
type chatCopy struct {
	ph          Phone
	bubbles     []bubble
	quickHidden bool
}

// snapshot needs the lock.
func (p *Platform) snapshot(c *chat) chatCopy {
	ph := Phone{
		ID: c.id, Kind: c.kind, Name: c.profile.Name, Language: c.profile.Language,
		Friend: c.friend, Blocked: c.blocked,
		RichMenuID: c.richMenu, Draft: c.draft, Clipboard: c.clipboard, Opened: slices.Clone(c.opened),
		Replies: c.replies, Pushes: c.pushes, BotBubbles: c.botBubbles, OwnBubbles: c.ownBubbles,
	}
	if c.kind == ChatUser && ph.RichMenuID == "" {
		ph.RichMenuID = p.menus.standard
	}
	if p.now().Before(c.loadingUntil) {
		ph.LoadingUntil = c.loadingUntil
	}
	return chatCopy{ph, slices.Clone(c.bubbles), c.quickHidden}
}

func (s chatCopy) phone() Phone {
	ph := s.ph
	ph.Bubbles = make([]Bubble, len(s.bubbles))
	for i := range s.bubbles {
		b := &s.bubbles[i]
		out := Bubble{
			FromBot: b.fromBot, UserID: b.userID, Via: b.via, Time: b.at, Type: b.kind, Text: b.text, Words: b.text,
			Unsent: b.unsent, Read: b.read, RequestID: b.requestID, RetryKey: b.retryKey,
		}
		if b.id != 0 {
			out.ID = formatMessageID(b.id)
		}
		if b.quotes != 0 {
			out.Quotes = formatMessageID(b.quotes)
		}
		if b.raw != "" {
			out.Message = json.RawMessage(b.raw)
			seen := readMessage(b.raw)
			out.Actions = seen.actions
			if seen.words != "" {
				out.Words = seen.words
			}
			// Quick replies show only under the newest message of the chat.
			if i == len(s.bubbles)-1 && !s.quickHidden {
				ph.QuickReplies = seen.quickReplies
			}
		}
		ph.Bubbles[i] = out
	}
	return ph
}
