package slackapi

import (
	"slices"
	"strings"
)

// methodTable lists the Web API methods the stand-in knows. Methods that
// read take no JSON bodies.
// https://docs.slack.dev/reference/methods
func methodTable() map[string]method {
	read := func(kind string) []string {
		return []string{"channels:" + kind, "groups:" + kind, "im:" + kind, "mpim:" + kind}
	}
	list := []method{
		{name: "api.test", tier: tier4, token: noToken, json: true, do: (*Workspace).apiTest},
		{name: "auth.test", tier: tierSpecial, token: anyToken, json: true, do: (*Workspace).authTest},
		{name: "apps.connections.open", tier: tier1, token: appToken, json: true, do: (*Workspace).connectionsOpen},
		{name: "bots.info", tier: tier3, scopes: []string{"users:read"}, do: (*Workspace).botsInfo},

		{name: "chat.postMessage", tier: tierSpecial, scopes: []string{"chat:write"}, json: true, do: (*Workspace).postMessage},
		{name: "chat.update", tier: tier3, scopes: []string{"chat:write"}, json: true, do: (*Workspace).updateMessage},
		{name: "chat.delete", tier: tier3, scopes: []string{"chat:write"}, json: true, do: (*Workspace).deleteMessage},
		{name: "chat.postEphemeral", tier: tier4, scopes: []string{"chat:write"}, json: true, do: (*Workspace).postEphemeral},
		{name: "chat.getPermalink", tier: tierSpecial, do: (*Workspace).getPermalink},

		{name: "conversations.info", tier: tier3, scopes: read("read"), do: (*Workspace).conversationsInfo},
		{name: "conversations.list", tier: tier2, scopes: read("read"), do: (*Workspace).conversationsList},
		{name: "conversations.history", tier: tier3, scopes: read("history"), do: (*Workspace).conversationsHistory},
		{name: "conversations.replies", tier: tier3, scopes: read("history"), do: (*Workspace).conversationsReplies},
		{name: "conversations.members", tier: tier4, scopes: read("read"), do: (*Workspace).conversationsMembers},
		{name: "conversations.join", tier: tier3, scopes: []string{"channels:join"}, json: true, do: (*Workspace).conversationsJoin},
		{name: "conversations.open", tier: tier3, scopes: []string{"im:write", "mpim:write"}, json: true, do: (*Workspace).conversationsOpen},
		{name: "conversations.create", tier: tier2, scopes: []string{"channels:manage", "groups:write"}, json: true, do: (*Workspace).conversationsCreate},
		{name: "conversations.invite", tier: tier3, scopes: []string{"channels:manage", "groups:write"}, json: true, do: (*Workspace).conversationsInvite},
		{name: "conversations.kick", tier: tier3, scopes: []string{"channels:manage", "groups:write"}, json: true, do: (*Workspace).conversationsKick},

		{name: "users.info", tier: tier4, scopes: []string{"users:read"}, do: (*Workspace).usersInfo},
		{name: "users.list", tier: tier2, scopes: []string{"users:read"}, do: (*Workspace).usersList},
		{name: "users.lookupByEmail", tier: tier3, scopes: []string{"users:read.email"}, do: (*Workspace).usersLookup},
		{name: "users.getPresence", tier: tier3, scopes: []string{"users:read"}, do: (*Workspace).usersPresence},
		{name: "usergroups.list", tier: tier2, scopes: []string{"usergroups:read"}, do: (*Workspace).usergroupsList},

		{name: "views.open", tier: tier4, json: true, do: (*Workspace).viewsOpen},
		{name: "views.push", tier: tier4, json: true, do: (*Workspace).viewsPush},
		{name: "views.update", tier: tier4, json: true, do: (*Workspace).viewsUpdate},
		{name: "views.publish", tier: tier4, json: true, do: (*Workspace).viewsPublish},

		{name: "reactions.add", tier: tier3, scopes: []string{"reactions:write"}, json: true, do: (*Workspace).reactionsAdd},
		{name: "reactions.remove", tier: tier2, scopes: []string{"reactions:write"}, json: true, do: (*Workspace).reactionsRemove},
		{name: "reactions.get", tier: tier3, scopes: []string{"reactions:read"}, do: (*Workspace).reactionsGet},
		{name: "pins.add", tier: tier2, scopes: []string{"pins:write"}, json: true, do: (*Workspace).pinsAdd},
		{name: "bookmarks.add", tier: tier2, scopes: []string{"bookmarks:write"}, json: true, do: (*Workspace).bookmarksAdd},

		{name: "files.getUploadURLExternal", tier: tier4, scopes: []string{"files:write"}, do: (*Workspace).filesGetUploadURL},
		{name: "files.completeUploadExternal", tier: tier4, scopes: []string{"files:write"}, json: true, do: (*Workspace).filesCompleteUpload},
		{name: "files.info", tier: tier4, scopes: []string{"files:read"}, do: (*Workspace).filesInfo},
		{name: "files.delete", tier: tier3, scopes: []string{"files:write"}, json: true, do: (*Workspace).filesDelete},
	}
	table := map[string]method{}
	for _, m := range list {
		table[m.name] = m
	}
	return table
}

func (w *Workspace) apiTest(c *call) (obj, *refusal) {
	if code := c.args.str("error"); code != "" {
		return nil, &refusal{code: code, ordinary: true, extra: obj{"args": c.args.values}}
	}
	return obj{"args": c.args.values}, nil
}

func (w *Workspace) authTest(c *call) (obj, *refusal) {
	out := obj{
		"url": "https://" + w.cfg.Team.Domain + ".slack.com/", "team": w.cfg.Team.Name,
		"team_id": w.cfg.Team.ID, "is_enterprise_install": false,
	}
	if c.args.token == w.cfg.AppToken {
		out["app_name"], out["app_id"] = w.cfg.App.Name, w.cfg.App.ID
		return out, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	out["user"] = w.people[w.cfg.App.BotUserID].member.Name
	out["user_id"], out["bot_id"] = w.cfg.App.BotUserID, w.cfg.App.BotID
	return out, nil
}

// connectionsOpen gives the address of a Socket Mode connection.
// https://docs.slack.dev/reference/methods/apps.connections.open
func (w *Workspace) connectionsOpen(c *call) (obj, *refusal) {
	if !slices.Contains(w.cfg.AppScopes, "connections:write") {
		return nil, &refusal{code: "missing_scope", extra: obj{"needed": "connections:write", "provided": strings.Join(w.cfg.AppScopes, ",")}}
	}
	ticket, ok := w.ticket()
	if !ok {
		return nil, decline("too_many_websockets")
	}
	// http becomes ws, https becomes wss.
	return obj{"url": "ws" + c.origin[len("http"):] + "/link/?ticket=" + ticket + "&app_id=" + w.cfg.App.ID}, nil
}

func (w *Workspace) botsInfo(c *call) (obj, *refusal) {
	if id := c.args.str("bot"); id != "" && id != w.cfg.App.BotID {
		return nil, decline("bot_not_found")
	}
	return obj{"bot": obj{
		"id": w.cfg.App.BotID, "deleted": false, "name": w.cfg.App.Name, "updated": 0,
		"app_id": w.cfg.App.ID, "user_id": w.cfg.App.BotUserID, "icons": obj{},
	}}, nil
}
