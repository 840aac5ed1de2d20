package slackapi

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// page cuts a list by the cursor and limit arguments.
func page[T any](a args, list []T, most int) (part []T, next string, problem *refusal) {
	limit, problem := a.int("limit", min(100, most), 1, most)
	if problem != nil {
		return nil, "", problem
	}
	from := 0
	if cursor := a.str("cursor"); cursor != "" {
		raw, err := base64.StdEncoding.DecodeString(cursor)
		n, err2 := strconv.Atoi(strings.TrimPrefix(string(raw), "next:"))
		if err != nil || err2 != nil || n < 0 {
			return nil, "", refuse("invalid_cursor")
		}
		from = min(n, len(list))
	}
	to := min(from+limit, len(list))
	if to < len(list) {
		next = base64.StdEncoding.EncodeToString([]byte("next:" + strconv.Itoa(to)))
	}
	return list[from:to], next, nil
}

func withCursor(o obj, next string) obj {
	o["response_metadata"] = obj{"next_cursor": next}
	return o
}

// readable finds a channel the app may read with the scope of its kind. The
// caller holds mu.
func (w *Workspace) readable(id, right string) (*channel, *refusal) {
	ch, problem := w.visible(id)
	if problem != nil {
		return nil, problem
	}
	if scope := ch.kind.scopePrefix() + ":" + right; !w.granted(scope) {
		return nil, w.missingScope(scope)
	}
	return ch, nil
}

func (w *Workspace) conversationsInfo(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("channel"); problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, problem := w.readable(c.args.str("channel"), "read")
	if problem != nil {
		return nil, problem
	}
	o := w.wireChannel(ch)
	if c.args.bool("include_num_members") {
		o["num_members"] = len(ch.members)
	}
	if c.args.bool("include_locale") {
		o["locale"] = "ja-JP"
	}
	return obj{"channel": o}, nil
}

func (w *Workspace) conversationsList(c *call) (obj, *refusal) {
	types := c.args.list("types")
	if len(types) == 0 {
		types = []string{"public_channel"}
	}
	kinds := map[channelKind]bool{}
	for _, t := range types {
		kind, ok := map[string]channelKind{
			"public_channel": kindChannel, "private_channel": kindGroup, "im": kindIM, "mpim": kindMPIM,
		}[t]
		if !ok {
			return nil, refuse("invalid_types")
		}
		if scope := kind.scopePrefix() + ":read"; !w.granted(scope) {
			return nil, w.missingScope(scope)
		}
		kinds[kind] = true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []obj
	for _, ch := range w.channelOrder {
		hidden := ch.private() && !ch.has(w.cfg.App.BotUserID)
		if !kinds[ch.kind] || hidden || (ch.archived && c.args.bool("exclude_archived")) {
			continue
		}
		o := w.wireChannel(ch)
		o["num_members"] = len(ch.members)
		list = append(list, o)
	}
	part, next, problem := page(c.args, list, 1000)
	if problem != nil {
		return nil, problem
	}
	return withCursor(obj{"channels": emptyNotNull(part)}, next), nil
}

// emptyNotNull makes JSON [] of no items.
func emptyNotNull[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// inWindow applies latest, oldest and inclusive.
func inWindow(a args, ts string) bool {
	latest, oldest, inclusive := a.str("latest"), a.str("oldest"), a.bool("inclusive")
	if latest != "" && latest != "now" && (ts > latest || (ts == latest && !inclusive)) {
		return false
	}
	return oldest == "" || oldest == "0" || ts > oldest || (ts == oldest && inclusive)
}

func (w *Workspace) conversationsHistory(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("channel"); problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, problem := w.readable(c.args.str("channel"), "history")
	if problem != nil {
		return nil, problem
	}
	if !ch.has(w.cfg.App.BotUserID) {
		return nil, decline("not_in_channel")
	}
	var list []*message // newest first
	for _, m := range slices.Backward(ch.order) {
		if (!m.isReply() || m.broadcast) && inWindow(c.args, m.ts) {
			list = append(list, m)
		}
	}
	part, next, problem := page(c.args, list, 999)
	if problem != nil {
		return nil, problem
	}
	pins := 0
	for _, m := range ch.order {
		if m.pinned {
			pins++
		}
	}
	return withCursor(obj{
		"messages": w.wireAll(part, c.args), "has_more": next != "", "pin_count": pins,
		"channel_actions_ts": nil, "channel_actions_count": 0,
	}, next), nil
}

func (w *Workspace) wireAll(list []*message, a args) []obj {
	out := []obj{}
	for _, m := range list {
		out = append(out, w.wire(m, a.bool("include_all_metadata")))
	}
	return out
}

// conversationsReplies takes the ts of a parent or of one of its replies, and
// always gives the parent first.
func (w *Workspace) conversationsReplies(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("channel", "ts"); problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, problem := w.readable(c.args.str("channel"), "history")
	if problem != nil {
		return nil, problem
	}
	if !ch.has(w.cfg.App.BotUserID) {
		return nil, decline("not_in_channel")
	}
	parent := ch.find(c.args.str("ts"))
	if parent != nil && parent.isReply() {
		parent = ch.find(parent.threadTS)
	}
	if parent == nil {
		return nil, decline("thread_not_found")
	}
	var list []*message
	for _, m := range parent.replies {
		if inWindow(c.args, m.ts) {
			list = append(list, m)
		}
	}
	part, next, problem := page(c.args, list, 1000)
	if problem != nil {
		return nil, problem
	}
	part = append([]*message{parent}, part...)
	return withCursor(obj{"messages": w.wireAll(part, c.args), "has_more": next != ""}, next), nil
}

func (w *Workspace) conversationsMembers(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("channel"); problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, problem := w.readable(c.args.str("channel"), "read")
	if problem != nil {
		return nil, problem
	}
	part, next, problem := page(c.args, ch.members, 1000)
	if problem != nil {
		return nil, problem
	}
	return withCursor(obj{"members": slices.Clone(emptyNotNull(part))}, next), nil
}

func (w *Workspace) conversationsJoin(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("channel"); problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, problem := w.visible(c.args.str("channel"))
	switch {
	case problem != nil:
		return nil, problem
	case ch.private():
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.archived:
		return nil, decline("is_archived")
	}
	bot := w.cfg.App.BotUserID
	if ch.has(bot) {
		return obj{
			"channel": w.wireChannel(ch), "warning": "already_in_channel",
			"response_metadata": obj{"warnings": []string{"already_in_channel"}},
		}, nil
	}
	w.join(ch, bot, "")
	return obj{"channel": w.wireChannel(ch)}, nil
}

func (w *Workspace) conversationsOpen(c *call) (obj, *refusal) {
	users := c.args.list("users")
	w.mu.Lock()
	defer w.mu.Unlock()
	var ch *channel
	already := true
	switch {
	case c.args.has("channel"):
		ch = w.channels[c.args.str("channel")]
		if ch == nil || (ch.kind != kindIM && ch.kind != kindMPIM) {
			return nil, decline("channel_not_found")
		}
	case len(users) == 0:
		return nil, refuse("users_list_not_supplied")
	case len(users) > 8:
		return nil, refuse("too_many_users")
	}
	for _, user := range users {
		if p := w.people[user]; p == nil || p.member.Deleted {
			return nil, decline("user_not_found")
		}
	}
	if ch == nil && len(users) == 1 {
		if users[0] == w.cfg.App.BotUserID {
			return nil, refuse("cannot_dm_bot")
		}
		if !w.granted("im:write") {
			return nil, w.missingScope("im:write")
		}
		already = w.people[users[0]].im != nil
		ch = w.dm(w.people[users[0]])
	}
	if ch == nil {
		if !w.granted("mpim:write") {
			return nil, w.missingScope("mpim:write")
		}
		ch, already = w.groupDM(users)
	}
	channel := obj{"id": ch.id}
	if c.args.bool("return_im") {
		channel = w.wireChannel(ch)
	}
	return obj{"channel": channel, "no_op": already, "already_open": already}, nil
}

func (w *Workspace) groupDM(users []string) (ch *channel, already bool) {
	members := append(slices.Clone(users), w.cfg.App.BotUserID)
	slices.Sort(members)
	members = slices.Compact(members)
	for _, ch := range w.channelOrder {
		if ch.kind == kindMPIM && slices.Equal(ch.members, members) {
			return ch, true
		}
	}
	id := w.ids.code("G0", 8)
	return w.keepChannel(&channel{
		id: id, name: "mpdm-" + strings.ToLower(id), kind: kindMPIM, created: w.now(), members: members,
	}), false
}

// channelName is what conversations.create takes: no capitals, spaces or
// punctuation other than - and _; other scripts are welcome.
var channelName = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}_-]+$`)

func (w *Workspace) conversationsCreate(c *call) (obj, *refusal) {
	name := c.args.str("name")
	scope, kind, prefix := "channels:manage", kindChannel, "C0"
	if c.args.bool("is_private") {
		scope, kind = "groups:write", kindGroup
	}
	switch {
	case !w.granted(scope):
		return nil, w.missingScope(scope)
	case name == "":
		return nil, refuse("invalid_name_required")
	case utf8.RuneCountInString(name) > 80:
		return nil, refuse("invalid_name_maxlength")
	case !channelName.MatchString(name):
		return nil, refuse("invalid_name_specials")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ch := range w.channelOrder {
		if ch.name == name {
			return nil, decline("name_taken")
		}
	}
	bot := w.cfg.App.BotUserID
	ch := w.keepChannel(&channel{
		id: w.ids.code(prefix, 8), name: name, kind: kind, created: w.now(), creator: bot, members: []string{bot},
	})
	w.changed(Change{Kind: ChangeChannel, Channel: ch.id})
	return obj{"channel": w.wireChannel(ch)}, nil
}

// manageable finds a channel whose members the app may change. The caller
// holds mu.
func (w *Workspace) manageable(id string) (*channel, *refusal) {
	ch, problem := w.visible(id)
	if problem != nil {
		return nil, problem
	}
	scope := "channels:manage"
	if ch.kind == kindGroup {
		scope = "groups:write"
	}
	switch {
	case ch.kind == kindIM || ch.kind == kindMPIM:
		return nil, refuse("method_not_supported_for_channel_type")
	case !w.granted(scope):
		return nil, w.missingScope(scope)
	case ch.archived:
		return nil, decline("is_archived")
	case !ch.has(w.cfg.App.BotUserID):
		return nil, decline("not_in_channel")
	}
	return ch, nil
}

func (w *Workspace) conversationsInvite(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("channel", "users"); problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, problem := w.manageable(c.args.str("channel"))
	if problem != nil {
		return nil, problem
	}
	users := c.args.list("users")
	code, errors := "", []any{}
	for _, user := range users {
		bad := ""
		switch p := w.people[user]; {
		case user == w.cfg.App.BotUserID:
			bad = "cant_invite_self"
		case p == nil || p.member.Deleted:
			bad = "user_not_found"
		case ch.has(user):
			bad = "already_in_channel"
		}
		if bad != "" {
			code = bad
			errors = append(errors, obj{"user": user, "ok": false, "error": bad})
		}
	}
	if code != "" {
		out := decline(code)
		out.errors = errors
		return nil, out
	}
	for _, user := range users {
		w.join(ch, user, w.cfg.App.BotUserID)
	}
	return obj{"channel": w.wireChannel(ch)}, nil
}

func (w *Workspace) conversationsKick(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("channel", "user"); problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, problem := w.manageable(c.args.str("channel"))
	user := c.args.str("user")
	switch {
	case problem != nil:
		return nil, problem
	case user == w.cfg.App.BotUserID:
		return nil, refuse("cant_kick_self")
	case ch.isGeneral():
		return nil, refuse("cant_kick_from_general")
	case w.people[user] == nil:
		return nil, decline("user_not_found")
	case !ch.has(user):
		return nil, decline("not_in_channel")
	}
	w.leave(ch, user)
	return obj{"errors": obj{}}, nil
}
