package slackapi

import (
	"slices"
	"time"
)

// obj is a JSON object, decoded.
type obj = map[string]any

type channelKind int

const (
	kindChannel channelKind = iota // public
	kindGroup                      // private
	kindIM
	kindMPIM
)

// eventName is channel_type in events, and the end of "message.…".
func (k channelKind) eventName() string {
	return [...]string{"channel", "group", "im", "mpim"}[k]
}

// scopePrefix begins the scopes of the kind: "channels:history", …
func (k channelKind) scopePrefix() string {
	return [...]string{"channels", "groups", "im", "mpim"}[k]
}

// subscription is the kind's name in event subscriptions.
func (k channelKind) subscription() string {
	return "message." + [...]string{"channels", "groups", "im", "mpim"}[k]
}

type channel struct {
	id, name       string
	kind           channelKind
	archived       bool
	topic, purpose string
	creator        string
	created        time.Time
	members        []string
	order          []*message          // by ts, replies included
	byTS           map[string]*message // as order
	gone           map[string]bool     // ts of deleted messages
	bookmarks      []obj
	posted         map[string]string // metadata identity → ts
}

func (c *channel) private() bool           { return c.kind != kindChannel }
func (c *channel) has(user string) bool    { return slices.Contains(c.members, user) }
func (c *channel) find(ts string) *message { return c.byTS[ts] }
func (c *channel) remove(user string) {
	c.members = slices.DeleteFunc(c.members, func(u string) bool { return u == user })
}
func (c *channel) isGeneral() bool { return c.kind == kindChannel && c.name == "general" }

type reaction struct {
	name  string
	users []string
}

// formState holds what a person has entered: block_id → action_id → value as
// in state.values.
type formState map[string]map[string]any

func (f formState) set(block, action string, value any) {
	if f[block] == nil {
		f[block] = map[string]any{}
	}
	f[block][action] = value
}

func (f formState) clone() formState {
	out := formState{}
	for block, actions := range f {
		for action, value := range actions {
			out.set(block, action, value)
		}
	}
	return out
}

// wire is the JSON form; never nil, because Slack sends {}.
func (f formState) wire() obj {
	out := obj{}
	for block, actions := range f {
		inner := obj{}
		for action, value := range actions {
			inner[action] = value
		}
		out[block] = inner
	}
	return out
}

type message struct {
	channel     *channel
	ts          string
	threadTS    string // of a reply, and of a parent that has replies
	user        string
	botID       string // set on the app's own messages
	username    string
	subtype     string
	text        string
	clientMsgID string
	blocks      []any
	attachments []any
	metadata    obj
	files       []*file
	editedBy    string
	editedTS    string
	edits       int
	reactions   []*reaction
	replies     []*message // of a parent
	latestReply string
	broadcast   bool // a reply also shown in the channel
	tombstone   bool
	pinned      bool
	ephemeralTo string
	at          time.Time
	states      map[string]formState // by person
}

func (m *message) isReply() bool { return m.threadTS != "" && m.threadTS != m.ts }

type file struct {
	id, name, title  string
	mimetype, ftype  string
	user             string
	size             int
	length           int // announced by getUploadURLExternal
	content          []byte
	uploaded, shared bool
	deleted          bool
	given            bool // to the app, in a form
	created          time.Time
	channels         []*channel
	shares           []obj // with "channel_id", "ts", "thread_ts"
	altText          string
	secret           string // of the upload URL
}

type viewKind string

const (
	viewModal viewKind = "modal"
	viewHome  viewKind = "home"
)

type view struct {
	id, hash    string
	kind        viewKind
	user        string
	callbackID  string
	externalID  string
	metadata    string
	title       obj
	submit      obj
	closeText   obj
	blocks      []any
	clearClose  bool
	notifyClose bool
	rootID      string
	prevID      string
	state       formState
	errors      map[string]string
	updates     int
	submitting  int
}

// person is what one member sees besides the channels.
type person struct {
	member     Member
	im         *channel // with the app
	modals     []*view  // the stack, top last
	home       *view
	ephemerals []*message
	notices    []Notice
	offered    map[string][]any // options of external selects, by action_id
}

func (p *person) top() *view {
	if len(p.modals) == 0 {
		return nil
	}
	return p.modals[len(p.modals)-1]
}

// trigger is what a trigger_id stands for.
type trigger struct {
	user  string
	at    time.Time
	used  bool
	stack string // root view id when it came from a modal
}

// responseURL is what a response_url stands for.
type responseURL struct {
	user     string
	channel  *channel
	at       time.Time
	uses     int
	original *message // the message acted on; nil for commands
}
