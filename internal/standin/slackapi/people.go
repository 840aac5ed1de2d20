package slackapi

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// What a person cannot do is an error wrapping one of these.
var (
	// ErrCannot: what was asked is not there for this person (no such button,
	// not a member of the private channel, an archived channel, …).
	ErrCannot = errors.New("cannot be done")
	// ErrFormIncomplete: Slack's client refuses to submit the modal; what is
	// wrong is in View.Errors.
	ErrFormIncomplete = errors.New("the form is not complete")
)

// NotAcknowledgedError reports an interaction that the app did not
// acknowledge properly. The person has seen a Notice.
type NotAcknowledgedError struct {
	Type   string
	Reason string // "http_timeout", "http_error", "bad_answer", …
	Status int
	Took   time.Duration
}

func (e *NotAcknowledgedError) Error() string {
	return fmt.Sprintf("%s was not acknowledged: %s, status %d after %v", e.Type, e.Reason, e.Status, e.Took.Round(time.Millisecond))
}

// NoticeText is what Slack shows when an app does not acknowledge.
const NoticeText = "操作がうまくいきませんでした"

// Notice is a failure a person saw.
type Notice struct {
	At     time.Time `json:"at"`
	Text   string    `json:"text"`
	What   string    `json:"what"` // type of the interaction, or the command
	Reason string    `json:"reason"`
}

// Outcome tells how the app took an interaction.
type Outcome struct {
	Took    time.Duration
	Via     string // "http" or "socket"
	Confirm string // title of the confirmation dialog the person agreed to
}

// face finds a person who can act now. The caller holds mu.
func (w *Workspace) face(user string) (*person, error) {
	if w.down {
		return nil, fmt.Errorf("%s: %w", user, ErrDown)
	}
	p := w.people[user]
	if p == nil || p.member.Deleted {
		return nil, fmt.Errorf("%q is no member of the workspace: %w", user, ErrCannot)
	}
	return p, nil
}

// inside finds a channel that a person can write to. The caller holds mu.
func (w *Workspace) inside(user, id string) (*channel, error) {
	if _, err := w.face(user); err != nil {
		return nil, err
	}
	ch := w.channels[id]
	switch {
	case ch == nil:
		return nil, fmt.Errorf("no channel %q: %w", id, ErrCannot)
	case ch.archived:
		return nil, fmt.Errorf("channel %s is archived: %w", ch.name, ErrCannot)
	case !ch.has(user):
		return nil, fmt.Errorf("%s is not in channel %s: %w", user, ch.name, ErrCannot)
	}
	return ch, nil
}

// seen finds a message that a person sees. The caller holds mu.
func (w *Workspace) seen(user, channelID, ts string) (*message, error) {
	p, err := w.face(user)
	if err != nil {
		return nil, err
	}
	for _, m := range p.ephemerals {
		if m.channel.id == channelID && m.ts == ts {
			return m, nil
		}
	}
	ch := w.channels[channelID]
	if ch == nil || (ch.private() && !ch.has(user)) {
		return nil, fmt.Errorf("%s does not see channel %q: %w", user, channelID, ErrCannot)
	}
	m := ch.find(ts)
	if m == nil {
		return nil, fmt.Errorf("no message %s in %s: %w", ts, ch.name, ErrCannot)
	}
	return m, nil
}

// Post writes a message as a person; thread is the parent's ts or "". It
// returns the ts at once, while the event is on its way (see Settle).
func (w *Workspace) Post(user, channelID, thread, text string) (ts string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, err := w.inside(user, channelID)
	if err != nil {
		return "", fmt.Errorf("post: %w", err)
	}
	m, err := w.personal(user, ch, thread, text)
	if err != nil {
		return "", fmt.Errorf("post: %w", err)
	}
	w.publish(m)
	return m.ts, nil
}

// personal begins a person's message. The caller holds mu.
func (w *Workspace) personal(user string, ch *channel, thread, text string) (*message, error) {
	if thread != "" {
		parent := ch.find(thread)
		if parent == nil || parent.isReply() {
			return nil, fmt.Errorf("%s is no thread of %s: %w", thread, ch.name, ErrCannot)
		}
	}
	m := &message{channel: ch, user: user, threadTS: thread, clientMsgID: w.ids.uuid()}
	m.text, m.blocks = w.compose(text)
	m.ts, m.at = w.nextTS()
	return m, nil
}

// Edit changes a person's own message.
func (w *Workspace) Edit(user, channelID, ts, text string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, err := w.ownSeen(user, channelID, ts)
	if err != nil {
		return fmt.Errorf("edit: %w", err)
	}
	before := w.wire(m, false)
	m.text, m.blocks = w.compose(text)
	m.edits++
	m.editedBy = user
	m.editedTS, _ = w.nextTS()
	w.tellChanged(m, before)
	w.changed(Change{Kind: ChangeMessage, Channel: channelID, TS: ts})
	return nil
}

func (w *Workspace) ownSeen(user, channelID, ts string) (*message, error) {
	m, err := w.seen(user, channelID, ts)
	if err != nil {
		return nil, err
	}
	if m.user != user || m.tombstone {
		return nil, fmt.Errorf("message %s is not of %s: %w", ts, user, ErrCannot)
	}
	return m, nil
}

// Delete deletes a person's own message.
func (w *Workspace) Delete(user, channelID, ts string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, err := w.ownSeen(user, channelID, ts)
	if err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	w.drop(m)
	return nil
}

// Unfurl does what Slack does when it adds a link's preview to a message: the
// app hears message_changed though nobody edited the text.
func (w *Workspace) Unfurl(channelID, ts string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.channels[channelID]
	if ch == nil || ch.find(ts) == nil {
		return fmt.Errorf("unfurl: no message %s in %q: %w", ts, channelID, ErrCannot)
	}
	m := ch.find(ts)
	before := w.wire(m, false)
	m.attachments = append(slices.Clone(m.attachments), obj{
		"id": len(m.attachments) + 1, "title": "Example", "fallback": "Example", "from_url": "https://example.jp/",
	})
	w.tellChanged(m, before)
	w.changed(Change{Kind: ChangeMessage, Channel: channelID, TS: ts})
	return nil
}

// React adds a reaction, without colons; Unreact removes it.
func (w *Workspace) React(user, channelID, ts, emoji string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, err := w.seen(user, channelID, ts)
	if err != nil {
		return fmt.Errorf("react: %w", err)
	}
	if !emojiName.MatchString(emoji) {
		return fmt.Errorf("react: %q is no emoji: %w", emoji, ErrCannot)
	}
	if m.ephemeralTo != "" || !w.react(m, user, emoji) {
		return fmt.Errorf("react to %s with %s: %w", ts, emoji, ErrCannot)
	}
	return nil
}

// Unreact removes a person's reaction.
func (w *Workspace) Unreact(user, channelID, ts, emoji string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, err := w.seen(user, channelID, ts)
	if err != nil {
		return fmt.Errorf("unreact: %w", err)
	}
	if !w.unreact(m, user, emoji) {
		return fmt.Errorf("unreact %s from %s: %w", emoji, ts, ErrCannot)
	}
	return nil
}

// Join puts a person into a channel; a private one is joined by invitation, of
// inviter.
func (w *Workspace) Join(user, channelID, inviter string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if user != w.cfg.App.BotUserID {
		if _, err := w.face(user); err != nil {
			return fmt.Errorf("join: %w", err)
		}
	}
	ch := w.channels[channelID]
	switch {
	case ch == nil || ch.archived || ch.kind == kindIM:
		return fmt.Errorf("join %q: %w", channelID, ErrCannot)
	case ch.has(user):
		return fmt.Errorf("join: %s is in %s: %w", user, ch.name, ErrCannot)
	case ch.private() && !ch.has(inviter):
		return fmt.Errorf("join private channel %s without a member's invitation: %w", ch.name, ErrCannot)
	}
	w.join(ch, user, inviter)
	return nil
}

// Leave takes a person, or the app, out of a channel.
func (w *Workspace) Leave(user, channelID string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.channels[channelID]
	if ch == nil || !ch.has(user) {
		return fmt.Errorf("leave: %s is not in %q: %w", user, channelID, ErrCannot)
	}
	w.leave(ch, user)
	return nil
}

// Kick lets an administrator take somebody, or the app, out of a channel.
func (w *Workspace) Kick(admin, user, channelID string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	p, err := w.face(admin)
	if err != nil {
		return fmt.Errorf("kick: %w", err)
	}
	ch := w.channels[channelID]
	if ch == nil || !ch.has(user) || !p.member.Admin {
		return fmt.Errorf("kick %s from %q: %w", user, channelID, ErrCannot)
	}
	w.leave(ch, user)
	return nil
}

// Archive archives a channel.
func (w *Workspace) Archive(channelID string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.channels[channelID]
	if ch == nil {
		return fmt.Errorf("archive %q: %w", channelID, ErrCannot)
	}
	ch.archived = true
	w.changed(Change{Kind: ChangeChannel, Channel: channelID})
	return nil
}

// Hire adds a member to the workspace; the app hears team_join.
func (w *Workspace) Hire(m Member) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if m.ID == "" || w.people[m.ID] != nil {
		return fmt.Errorf("hire %q: %w", m.ID, ErrCannot)
	}
	p := w.addPerson(m)
	ts, _ := w.nextTS()
	w.emit("team_join", m.ID, obj{"type": "team_join", "user": w.wireUser(p, true), "event_ts": ts}, "users:read")
	w.changed(Change{Kind: ChangeMember, User: m.ID})
	return nil
}

// Dismiss deactivates a member and takes them out of all channels.
func (w *Workspace) Dismiss(user string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	p, err := w.face(user)
	if err != nil {
		return fmt.Errorf("dismiss: %w", err)
	}
	for _, ch := range w.channelOrder {
		if ch.has(user) && ch.kind != kindIM {
			w.leave(ch, user)
		}
	}
	p.member.Deleted = true
	w.changed(Change{Kind: ChangeMember, User: user})
	return nil
}

// SetAway changes a member's presence.
func (w *Workspace) SetAway(user string, away bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.people[user]
	if p == nil {
		return fmt.Errorf("presence of %q: %w", user, ErrCannot)
	}
	p.member.Away = away
	w.changed(Change{Kind: ChangeMember, User: user})
	return nil
}

// OpenHome opens the app's home tab.
func (w *Workspace) OpenHome(user string) error {
	return w.openApp(user, "home")
}

// OpenMessages opens the app's messages tab and returns the channel of the
// direct messages.
func (w *Workspace) OpenMessages(user string) (channelID string, err error) {
	if err := w.openApp(user, "messages"); err != nil {
		return "", err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dm(w.people[user]).id, nil
}

func (w *Workspace) openApp(user, tab string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	p, err := w.face(user)
	if err != nil {
		return fmt.Errorf("open %s: %w", tab, err)
	}
	if tab == "home" && w.cfg.NoHomeTab {
		return fmt.Errorf("open home: the app has no home tab: %w", ErrCannot)
	}
	w.tellHomeOpened(p, tab)
	return nil
}

// interact delivers an interaction and, when the app does not acknowledge it,
// shows the person a notice.
func (w *Workspace) interact(ctx context.Context, user string, p *parcel) (answer, Outcome, error) {
	if err := p.seal(); err != nil {
		return answer{}, Outcome{}, err
	}
	a := w.deliver(ctx, p)
	out := Outcome{Took: a.took, Via: a.via}
	if a.acked {
		return a, out, nil
	}
	if err := ctx.Err(); err != nil {
		return a, out, fmt.Errorf("deliver %s: %w", p.name, err)
	}
	return a, out, w.notice(user, p.name, a)
}

// notice records a failure that a person saw.
func (w *Workspace) notice(user, what string, a answer) error {
	w.mu.Lock()
	p := w.people[user]
	p.notices = append(p.notices, Notice{At: w.now(), Text: NoticeText, What: what, Reason: a.reason})
	if keep := w.cfg.KeepMessages; keep > 0 && len(p.notices) > keep {
		p.notices = slices.Delete(p.notices, 0, len(p.notices)-keep)
	}
	w.mu.Unlock()
	w.changed(Change{Kind: ChangeNotice, User: user})
	return &NotAcknowledgedError{Type: what, Reason: a.reason, Status: a.status, Took: a.took}
}

// badAnswer is an acknowledgement that Slack cannot use.
func (w *Workspace) badAnswer(user, what, code, detail string, a answer) error {
	w.violate(Violation{Kind: ViolationBadAnswer, Method: what, Error: code, Detail: detail})
	a.reason = "bad_answer"
	return w.notice(user, what, a)
}
