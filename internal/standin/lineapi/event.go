package lineapi

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Source is who causes an event, and where: a person alone, in a group or in a
// room.
type Source struct {
	UserID  string
	GroupID string
	RoomID  string
}

// Person is somebody in the chat with the account alone.
func Person(userID string) Source { return Source{UserID: userID} }

// InGroup is a member of a group. LINE may leave the member out: give "".
func InGroup(groupID, userID string) Source { return Source{UserID: userID, GroupID: groupID} }

// InRoom is a member of a chat of several people.
func InRoom(roomID, userID string) Source { return Source{UserID: userID, RoomID: roomID} }

// ChatID is where an answer goes.
func (s Source) ChatID() string {
	switch {
	case s.GroupID != "":
		return s.GroupID
	case s.RoomID != "":
		return s.RoomID
	}
	return s.UserID
}

func (s Source) kind() ChatKind {
	switch {
	case s.GroupID != "":
		return ChatGroup
	case s.RoomID != "":
		return ChatRoom
	}
	return ChatUser
}

func (s Source) check() error {
	if s.UserID != "" && !validUserID(s.UserID) || s.GroupID != "" && !validID(s.GroupID, "C") ||
		s.RoomID != "" && !validID(s.RoomID, "R") || s.ChatID() == "" {
		return fmt.Errorf("lineapi: source %+v: an id is a letter (U, C or R) and 32 hexadecimal digits", s)
	}
	return nil
}

func (s Source) json() map[string]any {
	out := map[string]any{"type": string(s.kind())}
	for key, id := range map[string]string{"userId": s.UserID, "groupId": s.GroupID, "roomId": s.RoomID} {
		if id != "" {
			out[key] = id
		}
	}
	return out
}

// Event is one webhook event. The constructors of [Platform] make events that
// have already happened on the phone; [Platform.Deliver] posts them. Until
// then every field may be changed, to make the odd ones LINE also sends.
type Event struct {
	ID         string  // webhookEventId
	Type       string  // message, follow, …
	Mode       string  // "active", or "standby": then the reply token stays at home
	Source     *Source // nil leaves it out, as LINE's schema allows
	ReplyToken string  // "" leaves it out
	Timestamp  time.Time
	Fields     map[string]any // the event's own part, as {"postback": {…}}

	MessageID string // of a message event

	err error // the constructor was given nonsense; Deliver says so
}

func (e *Event) json(redelivery bool) map[string]any {
	out := make(map[string]any, len(e.Fields)+7)
	for k, v := range e.Fields {
		out[k] = v
	}
	out["type"] = e.Type
	out["mode"] = e.Mode
	out["timestamp"] = e.Timestamp.UnixMilli()
	out["webhookEventId"] = e.ID
	out["deliveryContext"] = map[string]any{"isRedelivery": redelivery}
	if e.Source != nil {
		out["source"] = e.Source.json()
	}
	if e.ReplyToken != "" && e.Mode != "standby" {
		out["replyToken"] = e.ReplyToken
	}
	return out
}

// event makes an event and finds its chat. It needs the lock.
func (p *Platform) event(typ string, from Source, repliable bool, fields map[string]any) (*Event, *chat) {
	e := &Event{Type: typ, Mode: "active", Source: &from, Timestamp: p.now(), Fields: fields}
	e.ID = p.ids.ulid(e.Timestamp)
	if e.err = from.check(); e.err != nil {
		return e, nil
	}
	id := from.ChatID()
	c := p.chats[id]
	if c == nil {
		if from.kind() == ChatUser {
			c = p.stranger(id)
			c.friend = true
		} else {
			c = p.newChat(id, from.kind())
		}
	}
	if from.kind() != ChatUser && from.UserID != "" {
		p.stranger(from.UserID)
		c.join(from.UserID)
	}
	if repliable {
		e.ReplyToken = p.ids.replyToken()
		p.forgetReplyTokens()
		p.replies[e.ReplyToken] = &replyToken{chat: c, issued: e.Timestamp}
		p.replyQueue = append(p.replyQueue, e.ReplyToken)
	}
	return e, c
}

// forgetReplyTokens drops those LINE would refuse whatever happens. With
// counts only, memory matters more than telling reuse from expiry for long.
func (p *Platform) forgetReplyTokens() {
	keep := maxTokenAge
	if p.cfg.KeepBubbles < 0 {
		keep = 2 * p.cfg.ReplyTokenLife
	}
	limit := p.now().Add(-keep)
	for len(p.replyQueue) > 0 {
		token := p.replyQueue[0]
		if t := p.replies[token]; t != nil && t.issued.After(limit) {
			return
		}
		delete(p.replies, token)
		p.replyQueue = p.replyQueue[1:]
	}
}

// Follow is a person who adds the account as a friend, or takes back having
// blocked it.
func (p *Platform) Follow(userID string) *Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	wasBlocked := p.chats[userID] != nil && p.chats[userID].blocked
	e, c := p.event("follow", Person(userID), true, map[string]any{"follow": map[string]any{"isUnblocked": wasBlocked}})
	if c != nil {
		c.friend, c.blocked = true, false
		p.changed(c, ChangePerson)
	}
	return e
}

// Unfollow is a person who blocks the account. From now on messages to that
// person are accepted and do not arrive.
func (p *Platform) Unfollow(userID string) *Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, c := p.event("unfollow", Person(userID), false, nil)
	if c != nil {
		c.blocked = true
		c.richMenu = ""
		p.changed(c, ChangePerson)
	}
	return e
}

// Postback is a person who tapped something that only the bot is told of.
// displayText, when not empty, shows in the chat as if the person had said it.
func (p *Platform) Postback(from Source, data, displayText string, params map[string]string) *Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	own := map[string]any{"data": data}
	if len(params) > 0 {
		own["params"] = params
	}
	e, c := p.event("postback", from, true, map[string]any{"postback": own})
	if c != nil && displayText != "" {
		p.add(c, bubble{userID: from.UserID, via: ViaDisplay, at: e.Timestamp, kind: "text", text: displayText})
	}
	return e
}

// Unsend is a person who takes a message back.
func (p *Platform) Unsend(from Source, messageID string) *Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, c := p.event("unsend", from, false, map[string]any{"unsend": map[string]any{"messageId": messageID}})
	if c == nil {
		return e
	}
	if item := p.content[messageID]; item != nil {
		item.unsent = true
		item.data, item.preview = nil, nil
	}
	id, err := strconv.ParseUint(messageID, 10, 64)
	if err != nil {
		e.err = fmt.Errorf("lineapi: unsend message %q: %w", messageID, err)
		return e
	}
	for i := range c.bubbles {
		if b := &c.bubbles[i]; b.id == id && !b.fromBot {
			b.unsent, b.text, b.raw = true, "", ""
		}
	}
	p.changed(c, ChangeUnsent)
	return e
}

// Join is the account being taken into a group or room.
func (p *Platform) Join(where Source) *Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, c := p.event("join", where, true, nil)
	if c != nil {
		c.botGone = false
		p.changed(c, ChangePerson)
	}
	return e
}

// Leave is the account being removed from a group.
func (p *Platform) Leave(where Source) *Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, c := p.event("leave", where, false, nil)
	if c != nil {
		c.botGone = true
		p.changed(c, ChangePerson)
	}
	return e
}

func memberList(ids []string) map[string]any {
	list := make([]map[string]any, len(ids))
	for i, id := range ids {
		list[i] = map[string]any{"type": "user", "userId": id}
	}
	return map[string]any{"members": list}
}

// MemberJoined is people coming into a group or room of the account.
func (p *Platform) MemberJoined(where Source, userIDs ...string) *Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, c := p.event("memberJoined", where, true, map[string]any{"joined": memberList(userIDs)})
	if c != nil {
		for _, id := range userIDs {
			p.stranger(id)
			c.join(id)
		}
		p.changed(c, ChangePerson)
	}
	return e
}

// MemberLeft is people going out of a group or room of the account.
func (p *Platform) MemberLeft(where Source, userIDs ...string) *Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, c := p.event("memberLeft", where, false, map[string]any{"left": memberList(userIDs)})
	if c != nil {
		for _, id := range userIDs {
			c.leave(id)
		}
		p.changed(c, ChangePerson)
	}
	return e
}

// AccountLink is the end of an account link. LINE leaves the source and the
// reply token out when it failed.
func (p *Platform) AccountLink(from Source, nonce string, linked bool) *Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	result := "ok"
	if !linked {
		result = "failed"
	}
	e, _ := p.event("accountLink", from, linked, map[string]any{"link": map[string]any{"result": result, "nonce": nonce}})
	if !linked {
		e.Source = nil
	}
	return e
}

// VideoPlayComplete is a person who watched a video with a tracking id to its end.
func (p *Platform) VideoPlayComplete(from Source, trackingID string) *Event {
	return p.Other("videoPlayComplete", from, true, map[string]any{"videoPlayComplete": map[string]any{"trackingId": trackingID}})
}

// Beacon is a person near a beacon; action is enter, banner or stay, and dm
// the device message, which may be empty.
func (p *Platform) Beacon(from Source, hwid, action, dm string) *Event {
	own := map[string]any{"hwid": hwid, "type": action}
	if dm != "" {
		own["dm"] = dm
	}
	return p.Other("beacon", from, true, map[string]any{"beacon": own})
}

// Membership is a paid membership joined, left or renewed.
func (p *Platform) Membership(from Source, action string, membershipID int) *Event {
	return p.Other("membership", from, true, map[string]any{
		"membership": map[string]any{"type": action, "membershipId": membershipID},
	})
}

// Module is the account's module channel being attached or detached.
func (p *Platform) Module(attached bool) *Event {
	own := map[string]any{"type": "detached", "botId": p.cfg.BotUserID, "reason": "bot_deleted"}
	if attached {
		own = map[string]any{"type": "attached", "botId": p.cfg.BotUserID, "scopes": []string{"message:send", "message:receive"}}
	}
	return p.sourceless("module", map[string]any{"module": own})
}

// Activated is the channel taking a chat over until a time; Deactivated the
// end of it.
func (p *Platform) Activated(from Source, until time.Time) *Event {
	return p.Other("activated", from, false, map[string]any{"chatControl": map[string]any{"expireAt": until.UnixMilli()}})
}

// Deactivated is the channel having handed a chat to another.
func (p *Platform) Deactivated(from Source) *Event { return p.Other("deactivated", from, false, nil) }

// BotSuspended is the account being suspended.
func (p *Platform) BotSuspended() *Event { return p.sourceless("botSuspended", nil) }

// BotResumed is the account coming back.
func (p *Platform) BotResumed() *Event { return p.sourceless("botResumed", nil) }

// NotificationDelivered is a message by telephone number having arrived; data
// is the hashed number or the tag it was sent with.
func (p *Platform) NotificationDelivered(from Source, data string) *Event {
	return p.Other("delivery", from, false, map[string]any{"delivery": map[string]any{"data": data}})
}

// Other is an event of any type, also of one that does not exist yet.
func (p *Platform) Other(typ string, from Source, repliable bool, fields map[string]any) *Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, _ := p.event(typ, from, repliable, fields)
	return e
}

func (p *Platform) sourceless(typ string, fields map[string]any) *Event {
	e := &Event{Type: typ, Mode: "active", Timestamp: p.now(), Fields: fields}
	e.ID = p.ids.ulid(e.Timestamp)
	return e
}

var errNoEvent = errors.New("lineapi: deliver: an event is nil")
