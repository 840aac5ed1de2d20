package lineapi

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// link shows a menu to somebody. LINE answers 200 also when it cannot: to
// people who blocked the account or are no friends, and to unknown ids.
func (p *Platform) link(user, menu string) {
	if c := p.recipient(user); c != nil && c.reachable() {
		c.richMenu = menu
		p.changed(c, ChangeRichMenu)
	}
}

func (p *Platform) serveMenuLink(c *call, m *richMenu) answer {
	user := c.r.PathValue("userId")
	if !validUserID(user) {
		return invalidParameter("userId")
	}
	if m.image == nil {
		return badRequest(needsImage)
	}
	p.link(user, m.id)
	return ok("{}")
}

func (p *Platform) serveMenuOfUser(c *call) answer {
	user := c.r.PathValue("userId")
	if !validUserID(user) {
		return invalidParameter("userId")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	person := p.chats[user]
	if person == nil || !person.reachable() || person.richMenu == "" {
		return decline(http.StatusNotFound, "the user has no richmenu")
	}
	return okJSON(richMenuID{person.richMenu})
}

func (p *Platform) serveMenuUnlink(c *call) answer {
	user := c.r.PathValue("userId")
	if !validUserID(user) {
		return invalidParameter("userId")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.link(user, "")
	return ok("{}")
}

func validMenuID(id string) bool {
	rest, found := strings.CutPrefix(id, "richmenu-")
	return found && validUserID("U"+rest)
}

// bulkPeople reads userIds.
func bulkPeople(check *checker, c *call) ([]string, answer) {
	var ids []string
	if list := check.array(c.root, nil, "userIds", true); list != nil {
		place := &at{key: "userIds"}
		check.size(list, place, 1, maxBulkPeople)
		for i := range list.items {
			if list.items[i].kind != kindString {
				check.mistyped(&list.items[i], &at{up: place, index: i})
				continue
			}
			ids = append(ids, list.items[i].str)
		}
	}
	if fault := check.failure(c.raw); fault != nil {
		return nil, refuse(http.StatusBadRequest, fault)
	}
	for i, id := range ids {
		if !validUserID(id) {
			return nil, invalidProperty("userIds[" + strconv.Itoa(i) + "]")
		}
	}
	return ids, answer{}
}

// serveBulkLink does at once what LINE does within seconds.
func (p *Platform) serveBulkLink(c *call) answer {
	var check checker
	check.only(c.root, nil, "richMenuId", "userIds")
	id := check.text(c.root, nil, "richMenuId", textRule{required: true})
	if id != "" && !validMenuID(id) {
		check.bad(&at{key: "richMenuId"}, "invalid richMenuId")
	}
	people, a := bulkPeople(&check, c)
	if a.status != 0 {
		return a
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.menus.menus[id]
	if m == nil {
		return decline(http.StatusNotFound, "richmenu not found")
	}
	if m.image == nil {
		return badRequest(needsImage)
	}
	for _, user := range people {
		p.link(user, id)
	}
	return accepted()
}

func (p *Platform) serveBulkUnlink(c *call) answer {
	var check checker
	check.only(c.root, nil, "userIds")
	people, a := bulkPeople(&check, c)
	if a.status != 0 {
		return a
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, user := range people {
		p.link(user, "")
	}
	return accepted()
}

type aliasAnswer struct {
	AliasID    string `json:"richMenuAliasId"`
	RichMenuID string `json:"richMenuId"`
}

// aliasTarget reads richMenuId; the menu must exist and have its image.
func (p *Platform) aliasTarget(check *checker, c *call) (string, answer) {
	id := check.text(c.root, nil, "richMenuId", textRule{required: true})
	if id != "" && !validMenuID(id) {
		check.bad(&at{key: "richMenuId"}, "invalid richMenuId")
	}
	if fault := check.failure(c.raw); fault != nil {
		return "", refuse(http.StatusBadRequest, fault)
	}
	if m := p.menus.menus[id]; m == nil || m.image == nil {
		return "", badRequest("richmenu not found")
	}
	return id, answer{}
}

func (p *Platform) serveAliasCreate(c *call) answer {
	var check checker
	check.only(c.root, nil, "richMenuAliasId", "richMenuId")
	alias := check.text(c.root, nil, "richMenuAliasId", textRule{required: true})
	if alias != "" && !validAlias(alias) {
		check.bad(&at{key: "richMenuAliasId"}, "invalid richMenuAliasId")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	id, a := p.aliasTarget(&check, c)
	switch {
	case a.status != 0:
		return a
	case p.menus.aliases[alias] != "":
		return badRequest("conflict richmenu alias id")
	case len(p.menus.aliases) >= maxAliases:
		return badRequest("The number of rich menu aliases has reached the limit")
	}
	p.menus.aliases[alias] = id
	return ok("{}")
}

// aliasOfPath checks the alias in the path. It needs the lock.
func (p *Platform) aliasOfPath(c *call) (string, answer) {
	alias := c.r.PathValue("aliasId")
	if !validAlias(alias) {
		return "", invalidParameter("richMenuAliasId")
	}
	if p.menus.aliases[alias] == "" {
		return "", decline(http.StatusNotFound, "richmenu alias not found")
	}
	return alias, answer{}
}

func (p *Platform) serveAliasUpdate(c *call) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	alias, a := p.aliasOfPath(c)
	if a.status != 0 {
		return a
	}
	var check checker
	check.only(c.root, nil, "richMenuId")
	id, a := p.aliasTarget(&check, c)
	if a.status != 0 {
		return a
	}
	p.menus.aliases[alias] = id
	return ok("{}")
}

func (p *Platform) serveAliasGet(c *call) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	alias, a := p.aliasOfPath(c)
	if a.status != 0 {
		return a
	}
	return okJSON(aliasAnswer{alias, p.menus.aliases[alias]})
}

func (p *Platform) serveAliasDelete(c *call) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	alias, a := p.aliasOfPath(c)
	if a.status != 0 {
		return a
	}
	delete(p.menus.aliases, alias)
	return ok("{}")
}

func (p *Platform) serveAliasList(*call) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := struct {
		Aliases []aliasAnswer `json:"aliases"`
	}{[]aliasAnswer{}}
	for alias, id := range p.menus.aliases {
		out.Aliases = append(out.Aliases, aliasAnswer{alias, id})
	}
	slices.SortFunc(out.Aliases, func(a, b aliasAnswer) int { return strings.Compare(a.AliasID, b.AliasID) })
	return okJSON(out)
}
