package slackapi

func (w *Workspace) usersInfo(c *call) (obj, *refusal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !c.args.has("user") && c.args.has("users") {
		list := []obj{}
		for _, id := range c.args.list("users") {
			p := w.people[id]
			if p == nil {
				return nil, decline("user_not_found")
			}
			list = append(list, w.wireUser(p, c.args.bool("include_locale")))
		}
		return obj{"users": list}, nil
	}
	p := w.people[c.args.str("user")]
	if p == nil {
		return nil, decline("user_not_found")
	}
	return obj{"user": w.wireUser(p, c.args.bool("include_locale"))}, nil
}

func (w *Workspace) usersList(c *call) (obj, *refusal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	part, next, problem := page(c.args, w.peopleOrder, 1000)
	if problem != nil {
		return nil, problem
	}
	members := []obj{}
	for _, p := range part {
		members = append(members, w.wireUser(p, c.args.bool("include_locale")))
	}
	return withCursor(obj{"members": members, "cache_ts": w.now().Unix()}, next), nil
}

func (w *Workspace) usersLookup(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("email"); problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.peopleOrder {
		if p.member.Email == c.args.str("email") && !p.member.Deleted {
			return obj{"user": w.wireUser(p, false)}, nil
		}
	}
	return nil, decline("users_not_found")
}

func (w *Workspace) usersPresence(c *call) (obj, *refusal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.people[c.args.str("user")]
	if p == nil {
		return nil, decline("user_not_found")
	}
	if p.member.Away {
		return obj{"presence": "away"}, nil
	}
	return obj{"presence": "active"}, nil
}

func (w *Workspace) usergroupsList(c *call) (obj, *refusal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := []obj{}
	for _, g := range w.groups {
		o := obj{
			"id": g.ID, "team_id": w.cfg.Team.ID, "is_usergroup": true, "name": g.Name, "description": "",
			"handle": g.Handle, "is_external": false, "date_create": 0, "date_update": 0, "date_delete": 0,
			"auto_type": nil, "created_by": "", "updated_by": "", "deleted_by": nil,
			"prefs": obj{"channels": []string{}, "groups": []string{}},
		}
		if c.args.bool("include_users") {
			o["users"] = emptyNotNull(g.Users)
		}
		if c.args.bool("include_count") {
			o["user_count"] = len(g.Users)
		}
		list = append(list, o)
	}
	return obj{"usergroups": list}, nil
}
