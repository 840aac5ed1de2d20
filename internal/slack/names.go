package slack

import (
	"context"
	"sync"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// nobody is what residents see when Slack does not tell a name.
const nobody = "職員"

const (
	nameLife   = time.Hour              // a changed name is seen after this
	nobodyLife = 30 * time.Second       // a failed look-up is tried again after this
	nameWithin = 700 * time.Millisecond // the answer to Slack must not wait longer
	maxName    = 40                     // characters; LINE shows twenty
	maxNames   = 5000                   // bounds the memory
)

// names remembers what staff are called.
type names struct {
	mu    sync.Mutex
	known map[string]named
}

type named struct {
	name  string
	until time.Time
}

// name is what residents read as the sender: the person's display name in
// Slack, or 職員 when that cannot be known in time.
func (c *Client) name(ctx context.Context, user string) string {
	if user == "" {
		return nobody
	}
	now := c.cfg.Now()
	c.names.mu.Lock()
	n, ok := c.names.known[user]
	c.names.mu.Unlock()
	if ok && now.Before(n.until) {
		return n.name
	}
	ctx, cancel := context.WithTimeout(ctx, nameWithin)
	defer cancel()
	found, err := c.lookUp(ctx, user)
	fresh := named{name: found, until: now.Add(nameLife)}
	if err != nil {
		c.cfg.Count("users.info", sortError(err).code)
		fresh = named{name: nobody, until: now.Add(nobodyLife)}
		if ok { // an old name is better than none
			fresh.name = n.name
		}
	}
	c.names.mu.Lock()
	defer c.names.mu.Unlock()
	if len(c.names.known) >= maxNames {
		clear(c.names.known)
	}
	c.names.known[user] = fresh
	return fresh.name
}

func (c *Client) lookUp(ctx context.Context, user string) (string, error) {
	u, err := c.sdk.GetUserInfoContext(ctx, user)
	if err != nil {
		return "", err
	}
	for _, s := range []string{u.Profile.DisplayName, u.Profile.RealName, u.RealName} {
		if !blank(s) {
			return oneLine(s, maxName), nil
		}
	}
	return nobody, nil
}

func (c *Client) staff(ctx context.Context, user string) desk.Staff {
	return desk.Staff{ID: user, Name: c.name(ctx, user)}
}
