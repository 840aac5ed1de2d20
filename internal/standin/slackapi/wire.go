package slackapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// The JSON forms that the Web API and the events share. All are called with mu
// held. They share blocks with the state, which never changes blocks in place.

// wire is the message object. metadata is only given to those who ask for it.
func (w *Workspace) wire(m *message, metadata bool) obj {
	o := obj{"type": "message", "user": m.user, "ts": m.ts, "text": m.text, "team": w.cfg.Team.ID}
	put := func(key string, value any, when bool) {
		if when {
			o[key] = value
		}
	}
	put("subtype", m.subtype, m.subtype != "")
	put("client_msg_id", m.clientMsgID, m.clientMsgID != "")
	put("blocks", m.blocks, len(m.blocks) > 0)
	put("attachments", m.attachments, len(m.attachments) > 0)
	put("metadata", m.metadata, metadata && m.metadata != nil)
	put("hidden", true, m.tombstone)
	if m.botID != "" {
		o["bot_id"], o["app_id"] = m.botID, w.cfg.App.ID
		o["bot_profile"] = obj{
			"id": m.botID, "app_id": w.cfg.App.ID, "user_id": m.user, "name": w.cfg.App.Name,
			"team_id": w.cfg.Team.ID, "deleted": false, "updated": 0, "icons": obj{},
		}
		put("username", m.username, m.username != "")
	}
	if m.editedTS != "" {
		o["edited"] = obj{"user": m.editedBy, "ts": m.editedTS}
	}
	if len(m.files) > 0 {
		files := []any{}
		for _, f := range m.files {
			files = append(files, w.wireFile(f))
		}
		o["files"], o["upload"], o["display_as_bot"] = files, false, false
	}
	if len(m.reactions) > 0 {
		list := []any{}
		for _, r := range m.reactions {
			list = append(list, obj{"name": r.name, "users": slices.Clone(r.users), "count": len(r.users)})
		}
		o["reactions"] = list
	}
	put("thread_ts", m.threadTS, m.threadTS != "")
	if m.isReply() {
		if parent := m.channel.find(m.threadTS); parent != nil {
			o["parent_user_id"] = parent.user
		}
	}
	if n := len(m.replies); n > 0 {
		users := []string{}
		for _, r := range m.replies {
			if !slices.Contains(users, r.user) {
				users = append(users, r.user)
			}
		}
		o["reply_count"], o["reply_users"], o["reply_users_count"] = n, users, len(users)
		o["latest_reply"], o["is_locked"], o["subscribed"] = m.latestReply, false, false
	}
	put("pinned_to", []string{m.channel.id}, m.pinned)
	return o
}

func (w *Workspace) wireChannel(ch *channel) obj {
	o := obj{
		"id": ch.id, "created": ch.created.Unix(), "is_archived": ch.archived,
		"is_org_shared": false, "context_team_id": w.cfg.Team.ID,
		"is_im": ch.kind == kindIM, "updated": ch.created.UnixMilli(),
	}
	if ch.kind == kindIM {
		for _, user := range ch.members {
			if user != w.cfg.App.BotUserID {
				o["user"] = user
			}
		}
		o["is_open"] = true
		return o
	}
	maps.Copy(o, obj{
		"name": ch.name, "name_normalized": ch.name, "is_channel": ch.kind == kindChannel,
		"is_group": ch.kind == kindGroup, "is_mpim": ch.kind == kindMPIM, "is_private": ch.private(),
		"is_general": ch.isGeneral(), "is_shared": false, "is_ext_shared": false,
		"is_pending_ext_shared": false, "is_member": ch.has(w.cfg.App.BotUserID),
		"creator": ch.creator, "unlinked": 0,
		"topic":   obj{"value": ch.topic, "creator": "", "last_set": 0},
		"purpose": obj{"value": ch.purpose, "creator": "", "last_set": 0},
	})
	return o
}

func (w *Workspace) wireUser(p *person, locale bool) obj {
	m := p.member
	profile := obj{
		"real_name": m.RealName, "real_name_normalized": m.RealName,
		"display_name": m.DisplayName, "display_name_normalized": m.DisplayName,
		"team": w.cfg.Team.ID, "avatar_hash": "", "status_text": "", "status_emoji": "",
	}
	if m.Email != "" && slices.Contains(w.cfg.Scopes, "users:read.email") {
		profile["email"] = m.Email
	}
	o := obj{
		"id": m.ID, "team_id": w.cfg.Team.ID, "name": m.Name, "deleted": m.Deleted,
		"profile": profile, "is_bot": m.IsBot, "updated": 0, "is_app_user": false,
	}
	if m.ID == w.cfg.App.BotUserID {
		profile["bot_id"], profile["api_app_id"] = w.cfg.App.BotID, w.cfg.App.ID
	}
	if m.Deleted {
		return o
	}
	label, offset := zone(m.TZ, w.now())
	maps.Copy(o, obj{
		"color": m.Color, "real_name": m.RealName, "tz": m.TZ, "tz_label": label, "tz_offset": offset,
		"is_admin": m.Admin, "is_owner": false, "is_primary_owner": false, "is_restricted": false,
		"is_ultra_restricted": false, "is_email_confirmed": true,
	})
	if locale {
		o["locale"] = m.Locale
	}
	return o
}

// zone names a time zone; unknown ones count as UTC.
func zone(name string, at time.Time) (label string, offset int) {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return name, 0
	}
	return at.In(loc).Zone()
}

func (w *Workspace) wireFile(f *file) obj {
	if f.deleted {
		return obj{"id": f.id, "mode": "tombstone"}
	}
	private := fmt.Sprintf("%s/files-pri/%s-%s/", w.origin(), w.cfg.Team.ID, f.id)
	o := obj{
		"id": f.id, "created": f.created.Unix(), "timestamp": f.created.Unix(),
		"name": f.name, "title": f.title, "mimetype": f.mimetype, "filetype": f.ftype,
		"pretty_type": strings.ToUpper(f.ftype), "user": f.user, "user_team": w.cfg.Team.ID,
		"editable": false, "size": f.size, "mode": "hosted", "is_external": false,
		"external_type": "", "is_public": false, "public_url_shared": false,
		"display_as_bot": false, "username": "", "file_access": "visible",
		"url_private":          private + f.name,
		"url_private_download": private + "download/" + f.name,
		"permalink":            fmt.Sprintf("https://%s.slack.com/files/%s/%s/%s", w.cfg.Team.Domain, f.user, f.id, f.name),
	}
	if f.altText != "" {
		o["alt_txt"] = f.altText
	}
	public, private2 := obj{}, obj{}
	lists := map[channelKind][]string{kindChannel: {}, kindGroup: {}, kindIM: {}}
	for i, ch := range f.channels {
		kind, shares := ch.kind, private2
		if kind == kindMPIM {
			kind = kindGroup
		}
		if kind == kindChannel {
			shares, o["is_public"] = public, true
		}
		lists[kind] = append(lists[kind], ch.id)
		was, _ := shares[ch.id].([]any)
		shares[ch.id] = append(was, f.shares[i])
	}
	o["channels"], o["groups"], o["ims"] = lists[kindChannel], lists[kindGroup], lists[kindIM]
	o["shares"] = obj{"public": public, "private": private2}
	return o
}

func (w *Workspace) wireView(v *view) obj {
	o := obj{
		"id": v.id, "team_id": w.cfg.Team.ID, "type": string(v.kind), "blocks": v.blocks,
		"private_metadata": v.metadata, "callback_id": v.callbackID, "external_id": v.externalID,
		"state": obj{"values": v.state.wire()}, "hash": v.hash, "app_id": w.cfg.App.ID,
		"app_installed_team_id": w.cfg.Team.ID, "bot_id": w.cfg.App.BotID,
		"root_view_id": v.rootID, "previous_view_id": nil,
		"clear_on_close": v.clearClose, "notify_on_close": v.notifyClose,
		"title": orNil(v.title), "submit": orNil(v.submit), "close": orNil(v.closeText),
	}
	if v.prevID != "" {
		o["previous_view_id"] = v.prevID
	}
	return o
}

func orNil(o obj) any {
	if o == nil {
		return nil
	}
	return o
}
