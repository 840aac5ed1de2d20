package lineapi

import (
	"net/http"
	"slices"
	"time"
)

func (p *Platform) chatRoutes(add addRoute) {
	add("POST", "/v2/bot/chat/loading/start", route{endpoint: EndpointLoading, body: bodyJSON, serve: p.serveLoading})
	add("POST", "/v2/bot/chat/markAsRead", route{endpoint: EndpointMarkAsRead, body: bodyJSON, serve: p.serveMarkAsRead})
	for _, k := range []ChatKind{ChatGroup, ChatRoom} {
		base, param, letter := "/v2/bot/"+string(k)+"/{id}", string(k)+"Id", "C"
		if k == ChatRoom {
			letter = "R"
		}
		with := func(serve func(*call, *chat) answer) func(*call) answer {
			return func(c *call) answer { return p.inChat(c, param, letter, serve) }
		}
		if k == ChatGroup {
			add("GET", base+"/summary", route{endpoint: EndpointGroup, serve: with(p.serveGroupSummary)})
		}
		add("GET", base+"/members/count", route{endpoint: EndpointGroup, serve: with(p.serveMemberCount)})
		add("GET", base+"/members/ids", route{endpoint: EndpointGroup, serve: p.serveForbidden}) // verified accounts only
		add("GET", base+"/member/{userId}", route{endpoint: EndpointGroup, serve: with(p.serveMember)})
		add("POST", base+"/leave", route{endpoint: EndpointGroupLeave, serve: with(p.serveLeave)})
	}
}

// serveLoading shows the loading animation.
// https://developers.line.biz/en/reference/messaging-api/#display-a-loading-indicator
func (p *Platform) serveLoading(c *call) answer {
	var check checker
	check.only(c.root, nil, "chatId", "loadingSeconds")
	id := check.text(c.root, nil, "chatId", textRule{required: true})
	if id != "" && !validUserID(id) {
		check.bad(&at{key: "chatId"}, "Only user id is acceptable, please confirm if there are any group/room ids or illegal ids.")
	}
	seconds := int64(20)
	if v := check.field(c.root, nil, "loadingSeconds", kindNumber, false); v != nil {
		n, whole := v.integer()
		if !whole {
			check.mistyped(v, &at{key: "loadingSeconds"})
		}
		if n < 5 || n > 60 {
			check.bad(&at{key: "loadingSeconds"}, "Must be between 5 and 60")
		}
		if n%5 != 0 {
			check.bad(&at{key: "loadingSeconds"}, "must be a multiple of five")
		}
		seconds = n
	}
	if fault := check.failure(c.raw); fault != nil {
		return refuse(http.StatusBadRequest, fault)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if person := p.recipient(id); person != nil && person.reachable() {
		person.loadingUntil = p.now().Add(time.Duration(seconds) * time.Second)
		p.changed(person, ChangeLoading)
	}
	return accepted()
}

// serveMarkAsRead marks a message and all before it as read.
func (p *Platform) serveMarkAsRead(c *call) answer {
	var check checker
	check.only(c.root, nil, "markAsReadToken")
	token := check.text(c.root, nil, "markAsReadToken", textRule{required: true})
	if fault := check.failure(c.raw); fault != nil {
		return refuse(http.StatusBadRequest, fault)
	}
	message, chatID, fine := p.ids.unseal("read", token)
	p.mu.Lock()
	defer p.mu.Unlock()
	target := p.chats[chatID]
	if !fine || target == nil {
		return badRequest("Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook.")
	}
	for i := range target.bubbles {
		b := &target.bubbles[i]
		if !b.fromBot && b.id != 0 && b.id <= message {
			b.read = true
		}
	}
	p.changed(target, ChangeRead)
	return ok("{}")
}

// inChat finds a group or room the account is in.
func (p *Platform) inChat(c *call, param, letter string, serve func(*call, *chat) answer) answer {
	id := c.r.PathValue("id")
	if !validID(id, letter) {
		return invalidParameter(param)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	target := p.chats[id]
	if target == nil || target.botGone && c.endpoint != EndpointGroupLeave {
		return decline(http.StatusNotFound, "Not found")
	}
	return serve(c, target)
}

func (p *Platform) serveGroupSummary(_ *call, g *chat) answer {
	return okJSON(struct {
		GroupID   string `json:"groupId"`
		GroupName string `json:"groupName"`
	}{g.id, g.profile.Name})
}

func (p *Platform) serveMemberCount(_ *call, g *chat) answer {
	return okJSON(struct {
		Count int `json:"count"`
	}{len(g.members)})
}

func (p *Platform) serveMember(c *call, g *chat) answer {
	id := c.r.PathValue("userId")
	if !validUserID(id) {
		return invalidParameter("userId")
	}
	if !slices.Contains(g.members, id) {
		return decline(http.StatusNotFound, "Not found")
	}
	u := p.chats[id].profile
	return okJSON(profileAnswer{DisplayName: u.Name, UserID: u.ID, PictureURL: u.PictureURL})
}

// serveLeave also answers 200 for a chat left before.
func (p *Platform) serveLeave(_ *call, g *chat) answer {
	if !g.botGone {
		g.botGone = true
		p.changed(g, ChangePerson)
	}
	return ok("{}")
}
