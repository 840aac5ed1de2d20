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
	other bool // an app, or somebody who has left
}

// name is what residents read as the sender: the person's display name in
// Slack, or 職員 when that cannot be known in time.
func (c *Client) name(ctx context.Context, user string) string {
	if user == "" {
		return nobody
	}
	ctx, cancel := context.WithTimeout(ctx, nameWithin)
	defer cancel()
	n, err := c.person(ctx, user)
	if err != nil {
		n.until = c.cfg.Now().Add(nobodyLife)
		if n.name == "" { // an old name is better than none
			n.name = nobody
		}
		c.keepName(user, n)
	}
	return n.name
}

// person is what Slack says of somebody, remembered for an hour. With an error
// it is what was known before.
func (c *Client) person(ctx context.Context, user string) (named, error) {
	now := c.cfg.Now()
	c.names.mu.Lock()
	n, ok := c.names.known[user]
	c.names.mu.Unlock()
	if ok && now.Before(n.until) {
		return n, nil
	}
	found, err := c.lookUp(ctx, user)
	if err != nil {
		c.cfg.Count("users.info", sortError(err).code)
		return n, err
	}
	found.until = now.Add(nameLife)
	c.keepName(user, found)
	return found, nil
}

func (c *Client) keepName(user string, n named) {
	c.names.mu.Lock()
	defer c.names.mu.Unlock()
	if len(c.names.known) >= maxNames {
		clear(c.names.known)
	}
	c.names.known[user] = n
}

func (c *Client) lookUp(ctx context.Context, user string) (named, error) {
	u, err := c.sdk.GetUserInfoContext(ctx, user)
	if err != nil {
		return named{}, err
	}
	n := named{name: nobody, other: u.IsBot || u.Deleted}
	for _, s := range []string{u.Profile.DisplayName, u.Profile.RealName, u.RealName} {
		if !blank(s) {
			n.name = oneLine(s, maxName)
			break
		}
	}
	return n, nil
}

func (c *Client) staff(ctx context.Context, user string) desk.Staff {
	return desk.Staff{ID: user, Name: c.name(ctx, user)}
}
