package slackapi

import (
	"maps"
	"slices"
	"time"
)

// Message is what people see of a message. It is a copy; its Blocks must not
// be changed.
type Message struct {
	Channel     string         `json:"channel"`
	TS          string         `json:"ts"`
	ThreadTS    string         `json:"thread_ts,omitempty"` // the parent's ts, on parents, too
	User        string         `json:"user"`
	BotID       string         `json:"bot_id,omitempty"` // set on the app's messages
	Username    string         `json:"username,omitempty"`
	Subtype     string         `json:"subtype,omitempty"`
	Text        string         `json:"text"` // as stored, & < > escaped
	Blocks      []any          `json:"blocks,omitempty"`
	Attachments []any          `json:"attachments,omitempty"`
	Metadata    map[string]any `json:"metadata,omitempty"`
	Files       []File         `json:"files,omitempty"`
	Reactions   []Reaction     `json:"reactions,omitempty"`
	Edits       int            `json:"edits"`  // how often it was updated or edited
	Edited      bool           `json:"edited"` // people see "(edited)"
	Replies     int            `json:"replies"`
	Broadcast   bool           `json:"broadcast,omitempty"` // a reply also shown in the channel
	Pinned      bool           `json:"pinned,omitempty"`
	Tombstone   bool           `json:"tombstone,omitempty"` // deleted parent of a thread
	EphemeralTo string         `json:"ephemeral_to,omitempty"`
	// Pings are who is notified: user ids, "channel", "here", "everyone", ….
	Pings []string  `json:"pings,omitempty"`
	At    time.Time `json:"at"`
}

// IsReply tells whether the message stands in a thread under another.
func (m Message) IsReply() bool { return m.ThreadTS != "" && m.ThreadTS != m.TS }

// Reaction is an emoji under a message, with who chose it.
type Reaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
}

// File is a shared file.
type File struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Title    string `json:"title"`
	Mimetype string `json:"mimetype"`
	User     string `json:"user"`
	Size     int    `json:"size"`
	AltText  string `json:"alt_txt,omitempty"`
	Deleted  bool   `json:"deleted,omitempty"`
}

// View is what a person sees of a modal or home tab.
type View struct {
	ID              string                    `json:"id"`
	Type            string                    `json:"type"` // "modal" or "home"
	User            string                    `json:"user"`
	Title           string                    `json:"title"`
	Submit          string                    `json:"submit"`
	Close           string                    `json:"close"`
	CallbackID      string                    `json:"callback_id"`
	ExternalID      string                    `json:"external_id"`
	PrivateMetadata string                    `json:"private_metadata"`
	Hash            string                    `json:"hash"`
	Blocks          []any                     `json:"blocks"`
	Values          map[string]map[string]any `json:"values"`           // state.values
	Errors          map[string]string         `json:"errors,omitempty"` // by block_id, shown under the inputs
	Updates         int                       `json:"updates"`
	Submitting      bool                      `json:"submitting"` // waits for the app
}

// ChannelInfo is what people see of a channel.
type ChannelInfo struct {
	ID        string           `json:"id"`
	Name      string           `json:"name"`
	Topic     string           `json:"topic"`
	Private   bool             `json:"private"`
	Direct    bool             `json:"direct"` // direct messages
	Archived  bool             `json:"archived"`
	Members   []string         `json:"members"`
	Bookmarks []map[string]any `json:"bookmarks,omitempty"`
}

// snapshot copies a message. The caller holds mu.
func (w *Workspace) snapshot(m *message) Message {
	out := Message{
		Channel: m.channel.id, TS: m.ts, ThreadTS: m.threadTS, User: m.user, BotID: m.botID,
		Username: m.username, Subtype: m.subtype, Text: m.text, Blocks: m.blocks,
		Attachments: m.attachments, Metadata: maps.Clone(m.metadata), Edits: m.edits,
		Edited: m.editedTS != "", Replies: len(m.replies), Broadcast: m.broadcast,
		Pinned: m.pinned, Tombstone: m.tombstone, EphemeralTo: m.ephemeralTo, At: m.at,
		Pings: pings(m.text),
	}
	for _, f := range m.files {
		out.Files = append(out.Files, f.snapshot())
	}
	for _, r := range m.reactions {
		out.Reactions = append(out.Reactions, Reaction{Name: r.name, Users: slices.Clone(r.users)})
	}
	if m.botID != "" {
		walkMarkup(m.blocks, func(s string) {
			for _, who := range pings(s) {
				if !slices.Contains(out.Pings, who) {
					out.Pings = append(out.Pings, who)
				}
			}
		})
	}
	return out
}

// walkMarkup calls f with every mrkdwn text below v, and with rich text's
// mentions as markup.
func walkMarkup(v any, f func(string)) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			walkMarkup(item, f)
		}
	case obj:
		switch s, _ := v["text"].(string); v["type"] {
		case "mrkdwn", "markdown":
			f(s)
		case "user":
			id, _ := v["user_id"].(string)
			f("<@" + id + ">")
		case "broadcast":
			who, _ := v["range"].(string)
			f("<!" + who + ">")
		case "usergroup":
			id, _ := v["usergroup_id"].(string)
			f("<!subteam^" + id + ">")
		}
		for _, item := range v {
			walkMarkup(item, f)
		}
	}
}

func (f *file) snapshot() File {
	return File{
		ID: f.id, Name: f.name, Title: f.title, Mimetype: f.mimetype, User: f.user,
		Size: f.size, AltText: f.altText, Deleted: f.deleted,
	}
}

func (v *view) snapshot() View {
	return View{
		ID: v.id, Type: string(v.kind), User: v.user, Title: textOf(v.title), Submit: textOf(v.submit),
		Close: textOf(v.closeText), CallbackID: v.callbackID, ExternalID: v.externalID,
		PrivateMetadata: v.metadata, Hash: v.hash, Blocks: v.blocks, Values: v.state.clone(),
		Errors: maps.Clone(v.errors), Updates: v.updates, Submitting: v.submitting > 0,
	}
}

// Members returns all members, the app's bot user first.
func (w *Workspace) Members() []Member {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Member
	for _, p := range w.peopleOrder {
		out = append(out, p.member)
	}
	return out
}

// Channels returns all channels that a person sees, or all when user is "".
func (w *Workspace) Channels(user string) []ChannelInfo {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []ChannelInfo
	for _, ch := range w.channelOrder {
		if user != "" && ch.private() && !ch.has(user) {
			continue
		}
		out = append(out, ChannelInfo{
			ID: ch.id, Name: ch.name, Topic: ch.topic, Private: ch.private(),
			Direct: ch.kind == kindIM, Archived: ch.archived, Members: slices.Clone(ch.members),
			Bookmarks: slices.Clone(ch.bookmarks),
		})
	}
	return out
}

// Messages returns everything in a channel, oldest first, replies included.
func (w *Workspace) Messages(channelID string) []Message {
	return w.collect(channelID, func(*message) bool { return true })
}

// Timeline returns what a channel shows outside threads.
func (w *Workspace) Timeline(channelID string) []Message {
	return w.collect(channelID, func(m *message) bool { return !m.isReply() || m.broadcast })
}

// Thread returns a parent and its replies.
func (w *Workspace) Thread(channelID, ts string) []Message {
	return w.collect(channelID, func(m *message) bool { return m.ts == ts || m.threadTS == ts })
}

func (w *Workspace) collect(channelID string, keep func(*message) bool) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.channels[channelID]
	if ch == nil {
		return nil
	}
	var out []Message
	for _, m := range ch.order {
		if keep(m) {
			out = append(out, w.snapshot(m))
		}
	}
	return out
}

// Message returns one message of a channel.
func (w *Workspace) Message(channelID, ts string) (Message, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.channels[channelID]
	if ch == nil || ch.find(ts) == nil {
		return Message{}, false
	}
	return w.snapshot(ch.find(ts)), true
}

// Permalink returns the address of a message, or "".
func (w *Workspace) Permalink(channelID, ts string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.channels[channelID]
	if ch == nil || ch.find(ts) == nil {
		return ""
	}
	return w.permalink(ch.find(ts))
}

// Ephemerals returns the messages only this person sees, oldest first.
func (w *Workspace) Ephemerals(user string) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.people[user]
	if p == nil {
		return nil
	}
	var out []Message
	for _, m := range p.ephemerals {
		out = append(out, w.snapshot(m))
	}
	return out
}

// Modals returns the person's stack of modals, the one on top last.
func (w *Workspace) Modals(user string) []View {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.people[user]
	if p == nil {
		return nil
	}
	var out []View
	for _, v := range p.modals {
		out = append(out, v.snapshot())
	}
	return out
}

// Modal returns the modal the person has on top.
func (w *Workspace) Modal(user string) (View, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.people[user]
	if p == nil || p.top() == nil {
		return View{}, false
	}
	return p.top().snapshot(), true
}

// Home returns the person's home tab, if the app published one.
func (w *Workspace) Home(user string) (View, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.people[user]
	if p == nil || p.home == nil {
		return View{}, false
	}
	return p.home.snapshot(), true
}

// Notices returns the failures the person saw, oldest first.
func (w *Workspace) Notices(user string) []Notice {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.people[user]
	if p == nil {
		return nil
	}
	return slices.Clone(p.notices)
}

// FileContent returns a shared file and its bytes.
func (w *Workspace) FileContent(id string) (File, []byte, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.files[id]
	if f == nil || f.deleted {
		return File{}, nil, false
	}
	return f.snapshot(), slices.Clone(f.content), true
}

// shownName is a member's name, or the id.
func (w *Workspace) shownName(user string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p := w.people[user]; p != nil {
		return p.member.Shown()
	}
	return user
}
