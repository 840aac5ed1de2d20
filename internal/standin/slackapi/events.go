package slackapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Events the app hears. All emitters are called with mu held; the payload is
// encoded at once, so later changes do not alter it.
// https://docs.slack.dev/reference/events

// emit queues an event if the app subscribed to it and may see it.
func (w *Workspace) emit(subscription, lane string, event obj, scopes ...string) {
	if !slices.Contains(w.cfg.Events, subscription) {
		return
	}
	if len(scopes) > 0 && !slices.ContainsFunc(scopes, w.granted) {
		return
	}
	id := w.ids.code("Ev0", 8)
	name, _ := event["type"].(string)
	p := &parcel{kind: DeliveryEvent, name: name, eventID: id, payload: w.envelope(id, event)}
	if err := p.seal(); err != nil {
		w.cfg.Log.Error("stand-in event not encoded", "event", name, "error", err)
		return
	}
	if w.cfg.Unordered {
		lane = id
	}
	w.outbox.add(lane, p)
}

func (w *Workspace) granted(scope string) bool { return slices.Contains(w.cfg.Scopes, scope) }

// envelope is the outer event.
// https://docs.slack.dev/apis/events-api/#callback-field
func (w *Workspace) envelope(id string, event obj) obj {
	return obj{
		"token": "stand-in", "team_id": w.cfg.Team.ID, "context_team_id": w.cfg.Team.ID,
		"context_enterprise_id": nil, "api_app_id": w.cfg.App.ID, "event": event,
		"type": "event_callback", "event_id": id, "event_time": w.now().Unix(),
		"authorizations": []any{obj{
			"enterprise_id": nil, "team_id": w.cfg.Team.ID, "user_id": w.cfg.App.BotUserID,
			"is_bot": true, "is_enterprise_install": false,
		}},
		"is_ext_shared_channel": false, "event_context": "4-" + id,
	}
}

// inChannel emits a message event of a channel the app is in.
func (w *Workspace) inChannel(ch *channel, event obj) {
	if !ch.has(w.cfg.App.BotUserID) {
		return
	}
	event["channel"], event["channel_type"] = ch.id, ch.kind.eventName()
	w.emit(ch.kind.subscription(), ch.id, event, ch.kind.scopePrefix()+":history")
}

// tellPosted emits the message event of a new message and, when a person
// mentions the app, an app_mention with the same ts and another event_id. The
// app's own posts come back, too.
func (w *Workspace) tellPosted(m *message) {
	event := w.wire(m, false)
	event["event_ts"] = m.ts
	w.inChannel(m.channel, event)
	bot := w.cfg.App.BotUserID
	if m.user == bot || !m.channel.has(bot) || !slices.Contains(pings(m.text), bot) {
		return
	}
	mention := obj{"type": "app_mention", "event_ts": m.ts, "channel": m.channel.id}
	for _, key := range []string{"user", "ts", "client_msg_id", "text", "team", "blocks", "thread_ts", "parent_user_id", "files", "upload", "display_as_bot"} {
		if v, ok := event[key]; ok {
			mention[key] = v
		}
	}
	w.emit("app_mention", m.channel.id, mention, "app_mentions:read")
}

// tellChanged emits message_changed; before is the message as it was.
func (w *Workspace) tellChanged(m *message, before obj) {
	ts, _ := w.nextTS()
	after := w.wire(m, false)
	after["source_team"], after["user_team"] = w.cfg.Team.ID, w.cfg.Team.ID
	w.inChannel(m.channel, obj{
		"type": "message", "subtype": "message_changed", "hidden": true, "ts": ts, "event_ts": ts,
		"message": after, "previous_message": before,
	})
}

// tellDeleted emits message_deleted, or message_changed to a tombstone when
// the thread goes on without its parent.
func (w *Workspace) tellDeleted(m *message, before obj) {
	if m.tombstone {
		w.tellChanged(m, before)
		return
	}
	ts, _ := w.nextTS()
	w.inChannel(m.channel, obj{
		"type": "message", "subtype": "message_deleted", "hidden": true, "ts": ts, "event_ts": ts,
		"deleted_ts": m.ts, "previous_message": before,
	})
}

func (w *Workspace) tellReaction(kind, user, name string, m *message) {
	if !m.channel.has(w.cfg.App.BotUserID) {
		return
	}
	ts, _ := w.nextTS()
	w.emit(kind, m.channel.id, obj{
		"type": kind, "user": user, "reaction": name, "item_user": m.user, "event_ts": ts,
		"item": obj{"type": "message", "channel": m.channel.id, "ts": m.ts},
	}, "reactions:read")
}

// tellMember emits member_joined_channel or member_left_channel.
func (w *Workspace) tellMember(kind string, ch *channel, user, inviter string) {
	if !ch.has(w.cfg.App.BotUserID) && user != w.cfg.App.BotUserID {
		return
	}
	ts, _ := w.nextTS()
	letter := "C"
	if ch.private() {
		letter = "G"
	}
	event := obj{
		"type": kind, "user": user, "channel": ch.id, "channel_type": letter,
		"team": w.cfg.Team.ID, "event_ts": ts,
	}
	if inviter != "" {
		event["inviter"] = inviter
	}
	w.emit(kind, ch.id, event, "channels:read", "groups:read")
}

// record posts the line Slack itself writes when people come and go.
func (w *Workspace) record(ch *channel, subtype, user, text string) {
	if ch.kind == kindGroup {
		subtype = "group_" + subtype
	} else {
		subtype = "channel_" + subtype
	}
	m := &message{channel: ch, user: user, subtype: subtype, text: fmt.Sprintf("<@%s> %s", user, text)}
	m.ts, m.at = w.nextTS()
	w.store(m)
	event := w.wire(m, false)
	event["event_ts"] = m.ts
	w.inChannel(ch, event)
}

// join and leave change who is in a channel, with all events.
func (w *Workspace) join(ch *channel, user, inviter string) {
	ch.members = append(ch.members, user)
	w.tellMember("member_joined_channel", ch, user, inviter)
	w.record(ch, "join", user, "has joined the channel")
	w.changed(Change{Kind: ChangeChannel, Channel: ch.id, User: user})
}

func (w *Workspace) leave(ch *channel, user string) {
	if user == w.cfg.App.BotUserID {
		w.tellMember("member_left_channel", ch, user, "")
		ch.remove(user)
	} else {
		ch.remove(user)
		w.tellMember("member_left_channel", ch, user, "")
	}
	w.record(ch, "leave", user, "has left the channel")
	w.changed(Change{Kind: ChangeChannel, Channel: ch.id, User: user})
}

func (w *Workspace) tellHomeOpened(p *person, tab string) {
	ts, _ := w.nextTS()
	event := obj{
		"type": "app_home_opened", "user": p.member.ID, "channel": w.dm(p).id,
		"event_ts": ts, "tab": tab,
	}
	if tab == "home" && p.home != nil {
		event["view"] = w.wireView(p.home)
	}
	w.emit("app_home_opened", p.member.ID, event)
}

// logged finds an event in the log and makes it a parcel again.
func (w *Workspace) logged(eventID string) (*parcel, error) {
	w.book.mu.Lock()
	defer w.book.mu.Unlock()
	for _, d := range w.book.deliveries {
		if d.Kind != DeliveryEvent || d.EventID != eventID {
			continue
		}
		p := &parcel{kind: d.Kind, name: d.Type, eventID: d.EventID, body: slices.Clone(d.Payload)}
		if err := json.Unmarshal(d.Payload, &p.payload); err != nil {
			return nil, fmt.Errorf("read event %s from the log: %w", eventID, err)
		}
		p.payload = maps.Clone(p.payload)
		return p, nil
	}
	return nil, fmt.Errorf("redeliver %s: %w", eventID, ErrNoSuchEvent)
}
