package lineapi

import (
	"fmt"
	"slices"
)

// User is a person's profile.
type User struct {
	ID            string // empty means one is made
	Name          string // empty means one is made
	Language      string // BCP 47, as "ja"; empty when the person has not agreed to tell
	PictureURL    string
	StatusMessage string
}

// AddUser lets a person appear who is already a friend of the account, and
// returns the id. Adding somebody again changes the profile.
func (p *Platform) AddUser(u User) (string, error) {
	if u.ID != "" && !validUserID(u.ID) {
		return "", fmt.Errorf("lineapi: add a user: id %q is not U and 32 hexadecimal digits", u.ID)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if u.ID == "" {
		u.ID = "U" + p.ids.hex32()
	}
	known := p.chats[u.ID]
	c := p.stranger(u.ID)
	if u.Name == "" {
		u.Name = c.profile.Name
	}
	c.profile = u
	if known == nil {
		c.friend = true
	}
	p.changed(c, ChangePerson)
	return u.ID, nil
}

// AddGroup lets a group chat appear in which the account takes part, and
// returns its id.
func (p *Platform) AddGroup(name string, members ...string) (string, error) {
	return p.addSeveral(ChatGroup, "C", name, members)
}

// AddRoom lets a chat of several people without a name appear in which the
// account takes part, and returns its id.
func (p *Platform) AddRoom(members ...string) (string, error) {
	return p.addSeveral(ChatRoom, "R", "", members)
}

func (p *Platform) addSeveral(k ChatKind, letter, name string, members []string) (string, error) {
	for _, m := range members {
		if !validUserID(m) {
			return "", fmt.Errorf("lineapi: add a %s: member id %q is not U and 32 hexadecimal digits", k, m)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.newChat(letter+p.ids.hex32(), k)
	c.profile.Name = name
	for _, m := range members {
		p.stranger(m)
		c.members = append(c.members, m)
	}
	p.changed(c, ChangePerson)
	return c.id, nil
}

// newChat needs the lock, as all below.
func (p *Platform) newChat(id string, k ChatKind) *chat {
	c := &chat{id: id, kind: k, profile: User{ID: id}}
	p.chats[id] = c
	p.order = append(p.order, id)
	return c
}

// stranger finds a person, or lets one appear who is no friend of the account.
func (p *Platform) stranger(id string) *chat {
	if c := p.chats[id]; c != nil {
		return c
	}
	c := p.newChat(id, ChatUser)
	c.profile.Name = fmt.Sprintf("User %d", len(p.order))
	return c
}

// recipient finds whom a message is for. It is nil for an id LINE does not
// know, and for a group the account is not in.
func (p *Platform) recipient(id string) *chat {
	c := p.chats[id]
	if c == nil && p.cfg.AdoptUnknownUsers && validUserID(id) {
		c = p.stranger(id)
		c.friend = true
	}
	if c == nil || c.botGone {
		return nil
	}
	return c
}

// reachable reports whether messages arrive.
func (c *chat) reachable() bool {
	return c.kind != ChatUser || c.friend && !c.blocked
}

// counted is how many messages a push to this chat counts in the quota: one a
// recipient, none for somebody it does not reach.
// https://developers.line.biz/en/docs/messaging-api/pricing/
func (c *chat) counted() int {
	switch {
	case !c.reachable():
		return 0
	case c.kind == ChatUser:
		return 1
	}
	return max(1, len(c.members))
}

func (c *chat) join(user string) {
	if !slices.Contains(c.members, user) {
		c.members = append(c.members, user)
	}
}

func (c *chat) leave(user string) {
	if i := slices.Index(c.members, user); i >= 0 {
		c.members = slices.Delete(c.members, i, i+1)
	}
}
