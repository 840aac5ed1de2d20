package slack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// What Slack lets one app do, as it is documented:
// https://docs.slack.dev/apis/web-api/rate-limits
// Posts: one a second in a channel, short bursts allowed. chat.update is tier 3.
const (
	postBurst     = 3               // posts a channel takes that was quiet
	updates       = 50              // a minute, in the whole workspace
	updateReserve = 40              // of these are kept for what somebody waits for
	maxTurn       = 5 * time.Second // between two looks whether it is a letter's turn
)

// allowance counts calls ahead of Slack, so that those nobody waits for do not
// use up what others need. It is this process's own: when several share a
// workspace Slack asks one of them to wait sooner, and that one heeds it.
type allowance struct {
	mu     sync.Mutex
	every  time.Duration // until there is one more
	most   float64       // at once
	left   float64
	at     time.Time // when left was true
	closed time.Time // Slack asked to wait until then
}

func newAllowance(every time.Duration, most float64) *allowance {
	return &allowance{every: every, most: most, left: most}
}

// take uses one call. Where fewer than reserve would stay it uses none, and
// tells how long to wait.
func (a *allowance) take(now time.Time, reserve float64) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	wait := a.wait(now, reserve)
	if wait <= 0 {
		a.left--
	}
	return max(wait, 0)
}

// used counts a call that was made, and tells how long until the next.
func (a *allowance) used(now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fill(now)
	a.left = max(a.left-1, 0)
	return max(a.wait(now, 0), 0)
}

// refused says that Slack asked to wait: nothing is left until then.
func (a *allowance) refused(now time.Time, after time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = now.Add(after)
	a.left, a.at = 1, a.closed
}

func (a *allowance) wait(now time.Time, reserve float64) time.Duration {
	if now.Before(a.closed) {
		return a.closed.Sub(now)
	}
	a.fill(now)
	return time.Duration((reserve + 1 - a.left) * float64(a.every))
}

func (a *allowance) fill(now time.Time) {
	if now.After(a.at) {
		a.left = min(a.most, a.left+float64(now.Sub(a.at))/float64(a.every))
		a.at = now
	}
}

// paces are the allowances of this process.
type paces struct {
	every   time.Duration // between two posts in a channel
	updates *allowance

	mu    sync.Mutex
	posts map[string]*allowance // by channel
}

func newPaces(every time.Duration) *paces {
	return &paces{every: every, updates: newAllowance(60*every/updates, updates), posts: map[string]*allowance{}}
}

func (p *paces) of(channel string) *allowance {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.posts[channel]
	if a == nil {
		a = newAllowance(p.every, postBurst)
		p.posts[channel] = a
	}
	return a
}

// rest is how long a channel's lane rests after a post.
func (c *Client) rest(channel string) time.Duration { return c.paces.of(channel).used(time.Now()) }

// change brings a post of ours up to date, unless it shows just that: then
// shown is recorded of a try whose end was seen. there is false when somebody
// deleted the post. err says what the letter's next try may assume.
func (c *Client) change(ctx context.Context, l mailbox.Letter, t trying, ts string, p post, event string) (shown string, there bool, err error) {
	shown = c.fingerprint(p)
	if was, err := c.cfg.Store.Shown(ctx, l.Kind, l.Subject); err != nil {
		return "", false, c.later(ctx, l, t, "look for what is shown", err)
	} else if was == shown && !t.doubt && !t.sure {
		c.cfg.Count("chat.update", "same")
		return shown, true, nil
	}
	reserve := float64(updateReserve)
	if l.Urgent {
		reserve = 0
	}
	if wait := c.paces.updates.take(time.Now(), reserve); wait > 0 {
		return "", false, &mailbox.RetryError{After: min(wait, maxTurn), Clear: !t.doubt, Pause: true, Yields: true, Err: mailbox.ErrTurn}
	}
	whole, err := c.update(ctx, channelOf(l.Subject), ts, p, event, l.Subject)
	if !whole {
		shown = ""
	}
	if err != nil && sortError(err).code == "message_not_found" {
		return "", false, nil
	}
	if err != nil {
		return "", false, c.trouble(ctx, "chat.update", err, l, t)
	}
	return shown, true, nil
}

// slower heeds Slack's wish to wait.
func (c *Client) slower(method, channel string, after time.Duration) {
	switch method {
	case "chat.update":
		c.paces.updates.refused(time.Now(), after)
	case "chat.postMessage":
		c.paces.of(channel).refused(time.Now(), after)
	}
}

// fingerprint tells posts apart without telling what they say: what it is kept
// beside is sealed.
func (c *Client) fingerprint(p post) string {
	raw, err := json.Marshal(p.blocks)
	if err != nil {
		return ""
	}
	h := hmac.New(sha256.New, []byte(c.cfg.BotToken))
	h.Write([]byte(p.text))
	h.Write([]byte{0})
	h.Write(raw)
	return hex.EncodeToString(h.Sum(nil)[:16])
}
