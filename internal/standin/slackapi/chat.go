package slackapi

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Accepted is something the app made visible.
type Accepted struct {
	// Action is "posted", "updated", "deleted" or "ephemeral".
	Action  string
	Message Message
}

// content is what a message call says, checked.
type content struct {
	text        string
	blocks      []any
	attachments []any
	metadata    obj
	hasText     bool
	hasBlocks   bool
	hasMetadata bool
}

// readContent checks text, blocks, attachments and metadata of a call. It
// holds no lock.
// https://docs.slack.dev/reference/methods/chat.postMessage
func (w *Workspace) readContent(a args) (content, *refusal) {
	var k content
	k.text = a.str("text")
	_, k.hasText = a.values["text"]
	if utf8.RuneCountInString(k.text) > maxMessageText {
		return k, refuse("msg_too_long", fmt.Sprintf("text has more than %d characters", maxMessageText))
	}
	if v, ok := a.decoded("blocks"); ok && a.has("blocks") {
		list, isList := v.([]any)
		if !isList {
			return k, refuse("invalid_blocks_format")
		}
		c := newChecker(onMessage)
		c.blocks(list, "/blocks")
		if problem := c.refusal("invalid_blocks"); problem != nil {
			return k, problem
		}
		if c.weight > maxBlocksTogether {
			return k, refuse("msg_blocks_too_long", fmt.Sprintf("%d of about %d characters", c.weight, maxBlocksTogether))
		}
		w.fill(list)
		k.blocks, k.hasBlocks = list, true
	}
	if problem := k.readAttachments(a); problem != nil {
		return k, problem
	}
	if v, ok := a.decoded("metadata"); ok && a.has("metadata") {
		if problem := k.readMetadata(v); problem != nil {
			return k, problem
		}
	}
	k.text = escapeBare(k.text)
	return k, nil
}

// refusal makes the answer of a checker's problems, as Slack does: once with
// and once without [ERROR].
func (c *checker) refusal(code string) *refusal {
	if len(c.problems) == 0 {
		return nil
	}
	marked := make([]string, len(c.problems))
	for i, p := range c.problems {
		marked[i] = "[ERROR] " + p
	}
	out := refuse(code, marked...)
	if code == "invalid_blocks" {
		out.errors = c.problems
	}
	return out
}

func (k *content) readAttachments(a args) *refusal {
	v, ok := a.decoded("attachments")
	if !ok || !a.has("attachments") {
		return nil
	}
	list, isList := v.([]any)
	if !isList {
		return refuse("invalid_attachments")
	}
	if len(list) > maxAttachments {
		return refuse("too_many_attachments")
	}
	c := newChecker(onMessage)
	for i, item := range list {
		o, ok := item.(obj)
		if !ok {
			return refuse("invalid_attachments")
		}
		if blocks, ok := o["blocks"].([]any); ok {
			c.blocks(blocks, fmt.Sprintf("/attachments/%d/blocks", i))
		}
	}
	k.attachments = list
	return c.refusal("invalid_blocks")
}

// https://docs.slack.dev/reference/metadata
func (k *content) readMetadata(v any) *refusal {
	o, ok := v.(obj)
	if !ok {
		return refuse("invalid_metadata_format")
	}
	k.hasMetadata = true
	if len(o) == 0 {
		return nil // removes it
	}
	kind, _ := o["event_type"].(string)
	payload, isObject := o["event_payload"].(obj)
	if kind == "" || !isObject {
		return refuse("invalid_metadata_schema", "event_type and event_payload are required")
	}
	k.metadata = obj{"event_type": kind, "event_payload": payload}
	return nil
}

func (k *content) empty() bool {
	return strings.TrimSpace(k.text) == "" && len(k.blocks) == 0 && len(k.attachments) == 0
}

// advise notes what Slack accepts but advises against.
func (w *Workspace) advise(k content, method, channel string) {
	if k.hasBlocks && len(k.blocks) > 0 && strings.TrimSpace(k.text) == "" {
		w.violate(Violation{
			Kind: ViolationAdvice, Method: method, Error: "no_fallback_text", Channel: channel,
			Detail: "blocks without text: notifications and screen readers have nothing to read",
		})
	}
}

// postIdentity is what makes two posts the same; "" for posts without metadata.
func (w *Workspace) postIdentity(metadata obj) string {
	if metadata == nil {
		return ""
	}
	value := metadata["event_payload"]
	if key := w.cfg.MetadataKey; key != "" {
		payload, _ := value.(obj)
		v, ok := payload[key]
		if !ok {
			return ""
		}
		value = v
	}
	encoded, err := json.Marshal([]any{metadata["event_type"], value}) // keys are sorted
	if err != nil {
		return ""
	}
	return string(encoded)
}

// writable finds the channel to post to and checks that the app may. The
// caller holds mu.
func (w *Workspace) writable(name string) (*channel, *refusal) {
	ch := w.channels[name]
	if ch == nil {
		if p := w.people[name]; p != nil && name != w.cfg.App.BotUserID {
			ch = w.dm(p)
		}
	}
	if ch == nil {
		for _, other := range w.channelOrder {
			if other.name != "" && strings.TrimPrefix(name, "#") == other.name {
				ch = other
			}
		}
	}
	bot := w.cfg.App.BotUserID
	switch {
	case ch == nil, ch.private() && !ch.has(bot):
		return nil, decline("channel_not_found")
	case ch.archived:
		return nil, decline("is_archived")
	case !ch.has(bot) && !w.granted("chat:write.public"):
		return nil, decline("not_in_channel")
	}
	return ch, nil
}

// visible finds a channel the app may read. The caller holds mu.
func (w *Workspace) visible(id string) (*channel, *refusal) {
	ch := w.channels[id]
	if ch == nil || (ch.private() && !ch.has(w.cfg.App.BotUserID)) {
		return nil, decline("channel_not_found")
	}
	return ch, nil
}

// thread checks a thread_ts. A parent that was deleted without replies makes
// Slack post to the channel instead (slack-go/slack#1571); any other ts that
// is no parent is refused (stricter: Slack may accept a reply's ts).
func (w *Workspace) thread(ch *channel, threadTS string) (string, *refusal) {
	if threadTS == "" {
		return "", nil
	}
	if ch.gone[threadTS] {
		return "", nil
	}
	parent := ch.find(threadTS)
	switch {
	case parent == nil:
		return "", refuse("thread_not_found", "no message has this ts")
	case parent.isReply():
		return "", refuse("thread_not_found", "thread_ts is a reply's ts; use its parent's")
	}
	return threadTS, nil
}

func (w *Workspace) postMessage(c *call) (obj, *refusal) {
	if !c.args.has("channel") {
		return nil, decline("channel_not_found")
	}
	k, problem := w.readContent(c.args)
	if problem != nil {
		return nil, problem
	}
	if k.empty() {
		return nil, refuse("no_text")
	}
	w.mu.Lock()
	ch, problem := w.writable(c.args.str("channel"))
	if problem != nil {
		w.mu.Unlock()
		return nil, problem
	}
	threadTS, problem := w.thread(ch, c.args.str("thread_ts"))
	if problem == nil {
		if wait := w.limits.charge(w.now(), w.limits.forPost(ch.id)...); wait > 0 {
			problem = &refusal{code: "ratelimited", ordinary: true, wait: wait}
		}
	}
	if problem != nil {
		w.mu.Unlock()
		return nil, problem
	}
	m := w.botMessage(ch, k)
	m.threadTS, m.username = threadTS, c.args.str("username")
	if m.username != "" {
		m.subtype = "bot_message"
	}
	m.broadcast = threadTS != "" && c.args.bool("reply_broadcast")
	repeated := w.publish(m)
	out := obj{"channel": ch.id, "ts": m.ts, "message": w.wire(m, true)}
	accepted := Accepted{Action: "posted", Message: w.snapshot(m)}
	w.mu.Unlock()
	if repeated != "" {
		w.violate(Violation{
			Kind: ViolationRepeatedPost, Method: c.method.name, Error: "repeated_post", Channel: ch.id, TS: m.ts,
			Detail: fmt.Sprintf("the same metadata was posted at %s: %s", repeated, w.postIdentity(m.metadata)),
		})
	}
	w.advise(k, c.method.name, ch.id)
	w.accepted(accepted)
	return out, nil
}

// botMessage begins a message of the app. The caller holds mu.
func (w *Workspace) botMessage(ch *channel, k content) *message {
	m := &message{
		channel: ch, user: w.cfg.App.BotUserID, botID: w.cfg.App.BotID,
		text: k.text, blocks: k.blocks, attachments: k.attachments, metadata: k.metadata,
	}
	m.ts, m.at = w.nextTS()
	return m
}

// publish stores a message and tells of it. It returns the ts of an earlier
// post with the same metadata. The caller holds mu.
func (w *Workspace) publish(m *message) (repeated string) {
	if id := w.postIdentity(m.metadata); id != "" {
		repeated = m.channel.posted[id]
		if repeated == "" {
			m.channel.posted[id] = m.ts
		}
	}
	w.store(m)
	w.tellPosted(m)
	if m.botID != "" {
		w.book.count(func(c *Counters) { c.Posts++ })
	}
	w.changed(Change{Kind: ChangeMessage, Channel: m.channel.id, TS: m.ts})
	return repeated
}

func (w *Workspace) accepted(a Accepted) {
	if w.cfg.OnMessage != nil {
		w.cfg.OnMessage(a)
	}
}

// own finds a message of the app by channel and ts. The caller holds mu.
func (w *Workspace) own(a args, denied string) (*message, *refusal) {
	ch, problem := w.visible(a.str("channel"))
	if problem != nil {
		return nil, problem
	}
	m := ch.find(a.str("ts"))
	switch {
	case m == nil, m.tombstone:
		return nil, decline("message_not_found")
	case m.botID != w.cfg.App.BotID:
		return nil, refuse(denied)
	}
	return m, nil
}

// updateMessage changes a message in place. The text may have 4,000 bytes, not
// characters: undocumented, but measured by users with Japanese text. It holds
// beside blocks, too.
// https://docs.slack.dev/reference/methods/chat.update
func (w *Workspace) updateMessage(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("channel", "ts"); problem != nil {
		return nil, problem
	}
	k, problem := w.readContent(c.args)
	if problem != nil {
		return nil, problem
	}
	if len(k.text) > maxUpdateBytes {
		return nil, refuse("msg_too_long", fmt.Sprintf("text has %d bytes; chat.update takes %d", len(k.text), maxUpdateBytes))
	}
	if k.empty() && !k.hasMetadata {
		return nil, refuse("no_text")
	}
	w.mu.Lock()
	m, problem := w.own(c.args, "cant_update_message")
	if problem == nil && m.channel.archived {
		problem = decline("is_inactive")
	}
	if problem != nil {
		w.mu.Unlock()
		return nil, problem
	}
	before := w.wire(m, false)
	w.change(m, k)
	out := obj{"channel": m.channel.id, "ts": m.ts, "text": m.text, "message": w.wire(m, true)}
	w.tellChanged(m, before)
	accepted := Accepted{Action: "updated", Message: w.snapshot(m)}
	w.changed(Change{Kind: ChangeMessage, Channel: m.channel.id, TS: m.ts})
	w.mu.Unlock()
	w.advise(k, c.method.name, accepted.Message.Channel)
	w.accepted(accepted)
	return out, nil
}

// change applies an update. Blocks are kept only when the call has neither text
// nor blocks; text without blocks removes them. A message updated with blocks
// shows no "edited". The caller holds mu.
func (w *Workspace) change(m *message, k content) {
	if k.hasText || k.hasBlocks || k.attachments != nil {
		m.text, m.blocks, m.attachments = k.text, k.blocks, k.attachments
		m.states = nil
	}
	if k.hasMetadata {
		m.metadata = k.metadata
	}
	m.edits++
	if !k.hasBlocks {
		m.editedBy = m.user
		m.editedTS, _ = w.nextTS()
	}
	w.book.count(func(c *Counters) { c.Updates++ })
}

func (w *Workspace) deleteMessage(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("channel", "ts"); problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	m, problem := w.own(c.args, "cant_delete_message")
	if problem != nil {
		w.mu.Unlock()
		return nil, problem
	}
	accepted := Accepted{Action: "deleted", Message: w.snapshot(m)}
	w.drop(m)
	w.mu.Unlock()
	w.accepted(accepted)
	return obj{"channel": accepted.Message.Channel, "ts": accepted.Message.TS}, nil
}

// drop deletes a message and tells of it. The caller holds mu.
func (w *Workspace) drop(m *message) {
	before := w.wire(m, false)
	w.take(m)
	w.tellDeleted(m, before)
	w.changed(Change{Kind: ChangeMessage, Channel: m.channel.id, TS: m.ts})
}

func (w *Workspace) postEphemeral(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("channel", "user"); problem != nil {
		return nil, problem
	}
	k, problem := w.readContent(c.args)
	if problem != nil {
		return nil, problem
	}
	if k.empty() {
		return nil, refuse("no_text")
	}
	w.mu.Lock()
	ch, problem := w.visible(c.args.str("channel"))
	user := c.args.str("user")
	switch {
	case problem != nil:
	case ch.archived:
		problem = decline("is_archived")
	case !ch.has(w.cfg.App.BotUserID):
		problem = decline("not_in_channel")
	case !ch.has(user):
		problem = decline("user_not_in_channel")
	}
	if problem != nil {
		w.mu.Unlock()
		return nil, problem
	}
	m := w.botMessage(ch, k)
	m.threadTS = c.args.str("thread_ts")
	w.showEphemeral(m, user)
	accepted := Accepted{Action: "ephemeral", Message: w.snapshot(m)}
	w.mu.Unlock()
	w.advise(k, c.method.name, ch.id)
	w.accepted(accepted)
	return obj{"message_ts": m.ts}, nil
}

// showEphemeral shows a message to one person. The caller holds mu.
func (w *Workspace) showEphemeral(m *message, user string) {
	m.ephemeralTo = user
	p := w.people[user]
	p.ephemerals = append(p.ephemerals, m)
	if keep := w.cfg.KeepMessages; keep > 0 && len(p.ephemerals) > keep {
		p.ephemerals = slices.Delete(p.ephemerals, 0, len(p.ephemerals)-keep)
	}
	w.changed(Change{Kind: ChangeEphemeral, Channel: m.channel.id, TS: m.ts, User: user})
}

var digitsOnly = regexp.MustCompile(`[^0-9]`)

func (w *Workspace) getPermalink(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("channel", "message_ts"); problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, problem := w.visible(c.args.str("channel"))
	if problem != nil {
		return nil, problem
	}
	m := ch.find(c.args.str("message_ts"))
	if m == nil {
		return nil, decline("message_not_found")
	}
	return obj{"channel": ch.id, "permalink": w.permalink(m)}, nil
}

func (w *Workspace) permalink(m *message) string {
	link := fmt.Sprintf("https://%s.slack.com/archives/%s/p%s", w.cfg.Team.Domain, m.channel.id, digitsOnly.ReplaceAllString(m.ts, ""))
	if m.isReply() {
		link += fmt.Sprintf("?thread_ts=%s&cid=%s", m.threadTS, m.channel.id)
	}
	return link
}
