package slackapi

import (
	"regexp"
	"slices"
)

// emojiName is the shape of an emoji's name, custom ones included.
var emojiName = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_+'-]+(::skin-tone-[2-6])?$`)

// reacted finds the message of a reaction. The caller holds mu.
func (w *Workspace) reacted(a args) (*message, *refusal) {
	if !a.has("channel") || !a.has("timestamp") {
		return nil, refuse("no_item_specified")
	}
	ch, problem := w.visible(a.str("channel"))
	if problem != nil {
		return nil, problem
	}
	if ch.archived {
		return nil, decline("is_archived")
	}
	m := ch.find(a.str("timestamp"))
	if m == nil {
		return nil, decline("message_not_found")
	}
	return m, nil
}

func (m *message) reaction(name string) *reaction {
	for _, r := range m.reactions {
		if r.name == name {
			return r
		}
	}
	return nil
}

// react adds a reaction; it returns false when it was there. The caller holds
// mu.
func (w *Workspace) react(m *message, user, name string) bool {
	r := m.reaction(name)
	if r == nil {
		r = &reaction{name: name}
		m.reactions = append(m.reactions, r)
	}
	if slices.Contains(r.users, user) {
		return false
	}
	r.users = append(r.users, user)
	w.tellReaction("reaction_added", user, name, m)
	w.changed(Change{Kind: ChangeMessage, Channel: m.channel.id, TS: m.ts})
	return true
}

// unreact removes a reaction; it returns false when it was not there.
func (w *Workspace) unreact(m *message, user, name string) bool {
	r := m.reaction(name)
	if r == nil || !slices.Contains(r.users, user) {
		return false
	}
	r.users = slices.DeleteFunc(r.users, func(u string) bool { return u == user })
	if len(r.users) == 0 {
		m.reactions = slices.DeleteFunc(m.reactions, func(x *reaction) bool { return x == r })
	}
	w.tellReaction("reaction_removed", user, name, m)
	w.changed(Change{Kind: ChangeMessage, Channel: m.channel.id, TS: m.ts})
	return true
}

func (w *Workspace) reactionsAdd(c *call) (obj, *refusal) {
	name := c.args.str("name")
	if !emojiName.MatchString(name) {
		return nil, refuse("invalid_name")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	m, problem := w.reacted(c.args)
	if problem != nil {
		return nil, problem
	}
	if !w.react(m, w.cfg.App.BotUserID, name) {
		return nil, decline("already_reacted")
	}
	return obj{}, nil
}

func (w *Workspace) reactionsRemove(c *call) (obj, *refusal) {
	name := c.args.str("name")
	if !emojiName.MatchString(name) {
		return nil, refuse("invalid_name")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	m, problem := w.reacted(c.args)
	if problem != nil {
		return nil, problem
	}
	if !w.unreact(m, w.cfg.App.BotUserID, name) {
		return nil, decline("no_reaction")
	}
	return obj{}, nil
}

func (w *Workspace) reactionsGet(c *call) (obj, *refusal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, problem := w.reacted(c.args)
	if problem != nil {
		return nil, problem
	}
	return obj{"type": "message", "channel": m.channel.id, "message": w.wire(m, false)}, nil
}

func (w *Workspace) pinsAdd(c *call) (obj, *refusal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, problem := w.reacted(c.args)
	switch {
	case problem != nil:
		return nil, problem
	case !m.channel.has(w.cfg.App.BotUserID):
		return nil, decline("not_in_channel")
	case m.pinned:
		return nil, decline("already_pinned")
	}
	m.pinned = true
	w.changed(Change{Kind: ChangeMessage, Channel: m.channel.id, TS: m.ts})
	return obj{}, nil
}

func (w *Workspace) bookmarksAdd(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("channel_id", "title", "type"); problem != nil {
		return nil, problem
	}
	if c.args.str("type") != "link" {
		return nil, refuse("invalid_bookmark_type")
	}
	if !webAddress.MatchString(c.args.str("link")) {
		return nil, refuse("invalid_link")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, problem := w.visible(c.args.str("channel_id"))
	switch {
	case problem != nil:
		return nil, problem
	case !ch.has(w.cfg.App.BotUserID):
		return nil, decline("not_in_channel")
	case len(ch.bookmarks) >= 100:
		return nil, decline("too_many_bookmarks")
	}
	o := obj{
		"id": w.ids.code("Bk0", 8), "channel_id": ch.id, "title": c.args.str("title"), "link": c.args.str("link"),
		"emoji": c.args.str("emoji"), "icon_url": "", "type": "link", "entity_id": nil,
		"date_created": w.now().Unix(), "date_updated": 0, "rank": "i",
		"last_updated_by_user_id": w.cfg.App.BotUserID, "last_updated_by_team_id": w.cfg.Team.ID,
		"shortcut_id": nil, "app_id": w.cfg.App.ID,
	}
	ch.bookmarks = append(ch.bookmarks, o)
	w.changed(Change{Kind: ChangeChannel, Channel: ch.id})
	return obj{"bookmark": o}, nil
}
